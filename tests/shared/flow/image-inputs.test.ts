import { expect, test } from "vitest";
import { imageInputs } from "../../../shared/flow/image-inputs.ts";
import { loadFlow, type LoadedFlow } from "../../../shared/flow/load-flow.ts";
import type { StepDefinition } from "../../../shared/model/flow.ts";

function load(prompty: string, steps: StepDefinition[] = []): LoadedFlow {
  const files = new Map([
    ["chat.prompty", Buffer.from(prompty)],
    ["p.jsonl", Buffer.from('{"id":"1"}')],
  ]);
  return loadFlow({ name: "shop", prompt: "chat.prompty", steps }, files, new Map());
}

const DECLARED =
  "---\ninputs:\n  photo: { kind: image }\n  question: { kind: string }\nmodel: { id: m }\n---\nuser:\n{{ photo }}\n{{ question }}";
const FIRST =
  "---\nmodel: { api: chat, configuration: { type: openai } }\n---\nuser:\n![it]({{photo}})\n{{question}}";

test("an input that is declared as an image is one, unless a step reads it", () => {
  expect([...imageInputs(load(DECLARED))]).toEqual(["photo"]);
  const lookup: StepDefinition = {
    kind: "lookup",
    name: "found",
    source: "p.jsonl",
    by: "id",
    equals: "{{ photo }}",
  };
  expect([...imageInputs(load(DECLARED, [lookup]))]).toEqual([]);
});

test("in the first dialect one that stands in an image's brackets is one, unless it is printed elsewhere too", () => {
  expect([...imageInputs(load(FIRST))]).toEqual(["photo"]);
  expect([...imageInputs(load(`${FIRST} {{ photo }}`))]).toEqual([]);
});
