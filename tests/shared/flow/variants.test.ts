import { expect, test } from "vitest";
import { knownNames } from "../../../shared/evaluators/known-names.ts";
import { withModel, withPrompt } from "../../../shared/flow/apply-variant.ts";
import { loadFlow } from "../../../shared/flow/load-flow.ts";
import { splitFlow } from "../../../shared/flow/split-flow.ts";
import { validateFlow } from "../../../shared/flow/validate-flow.ts";
import { combinationsOf } from "../../../shared/flow/variant-combinations.ts";
import type { FlowDefinition, FlowFiles, VariantAxis } from "../../../shared/model/flow.ts";

const FLOW = `name: shop
prompt: chat.prompty
evaluation: { datasets: [data.jsonl], evaluators: [relevance] }
gate: { relevance: { mean: ">= 3" } }
`;
const PROMPT =
  "---\nmodel:\n  id: gpt-4o-mini\n  options: { temperature: 0, maxOutputTokens: 300 }\n---\nuser:\n{{ question }}\n";

function filesWith(variants: string, more: Record<string, string> = {}): FlowFiles {
  const texts: Record<string, string> = {
    "flow.yaml": FLOW + variants,
    "chat.prompty": PROMPT,
    "prompts/brief.prompty": PROMPT.replace("user:", "system:\nBe brief.\nuser:"),
    "data.jsonl": '{"question": "When do you open?"}\n',
    ...more,
  };
  return new Map(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)]));
}

function valid(variants: string): { definition: FlowDefinition; files: FlowFiles } {
  const files = filesWith(variants);
  const { definition, diagnostics } = validateFlow(files, knownNames());
  if (!definition || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  return { definition, files };
}

function problems(variants: string, more?: Record<string, string>): string[] {
  const { diagnostics } = validateFlow(filesWith(variants, more), knownNames());
  return diagnostics.map(
    ({ severity, file, line, column, message, remedy }) =>
      `${severity} ${file}:${line}:${column} ${message}${remedy === undefined ? "" : ` ${remedy}`}`,
  );
}

test("alternatives are written by name or as a list, whose values are their names", () => {
  const { definition } = valid(
    "variants: { prompt: [./prompts/brief.prompty], model: { large: gpt-4o }, temperature: [0, 0.7], stop: { dot: ['.'] } }",
  );
  expect(definition.variants).toEqual([
    { name: "prompt", alternatives: [{ name: "brief", value: "prompts/brief.prompty" }] },
    { name: "model", alternatives: [{ name: "large", value: "gpt-4o" }] },
    {
      name: "temperature",
      alternatives: [
        { name: "0", value: 0 },
        { name: "0.7", value: 0.7 },
      ],
    },
    { name: "stop", alternatives: [{ name: "dot", value: ["."] }] },
  ]);
  expect(valid("").definition.variants).toEqual([]);
});

test.for([
  [
    "an axis that is no parameter",
    "{ temprature: [1] }",
    "5:13 There is no parameter temprature to vary. Did you mean temperature?",
  ],
  [
    "a value of the wrong kind",
    "{ temperature: { hot: very } }",
    "5:33 variants.temperature.hot: Expected a number.",
  ],
  ["a value out of range", "{ top_p: [1.5] }", "5:21 variants.top_p.0: Expected at most 1."],
  ["a value alone", "{ model: gpt-4o }", "5:20 variants.model: Expected alternatives by name, or a list"],
  ["no alternative", "{ model: {} }", "5:20 variants.model: Name at least one alternative."],
  ["a name that cannot be typed", "{ model: { 'a b': x } }", "A name has letters, digits and"],
  [
    "two of one name",
    "{ prompt: [prompts/brief.prompty, prompts/./brief.prompty] }",
    "two alternatives are called brief",
  ],
  ["two of one value", "{ temperature: { a: 1, b: 1 } }", "variants.temperature: b is the same as a."],
  ["a list whose values make no names", "{ stop: [[a], [b]] }", "variants.stop: this value needs a name."],
  ["one parameter twice", "{ top_p: [1], topP: [0.5] }", "topP and top_p are one parameter."],
  [
    "one limit under two names",
    "{ max_tokens: [10], maxOutputTokens: [5] }",
    "maxOutputTokens and max_tokens are one parameter.",
  ],
  ["a prompt outside the folder", "{ prompt: [../x.prompty] }", "A path never leaves the flow's folder"],
  [
    "a prompt that is not there",
    "{ prompt: { short: brief.prompty } }",
    "5:30 There is no file brief.prompty. Did you mean prompts/brief.prompty?",
  ],
] as const)("%s is refused", ([, variants, said]) => {
  const found = problems(`variants: ${variants}`);
  expect(found.join("\n")).toContain(said);
  expect(found.every((problem) => problem.startsWith("error flow.yaml:"))).toBe(true);
});

test("a variant's prompt is checked as the flow's own", () => {
  const broken = { "prompts/brief.prompty": PROMPT.replace("{{ question }}", "{{ question ") };
  expect(problems("variants: { prompt: [prompts/brief.prompty] }", broken)).toEqual([
    expect.stringContaining("error prompts/brief.prompty:"),
  ]);
  const misnamed = { "prompts/brief.prompty": PROMPT.replace("{{ question }}", "{{ qestion }}") };
  expect(problems("variants: { prompt: [prompts/brief.prompty] }", misnamed).join("\n")).toContain(
    "Did you mean question?",
  );
  expect(problems("", broken)).toEqual([]);
});

test("variants and their files are part of neither the version nor the suite", () => {
  const without = valid("");
  const varied = valid("variants: { prompt: [prompts/brief.prompty], temperature: [1] }");
  expect(splitFlow(varied.definition, varied.files)).toEqual(splitFlow(without.definition, without.files));
});

const AXES: VariantAxis[] = [
  {
    name: "prompt",
    alternatives: [
      { name: "brief", value: "b.prompty" },
      { name: "chatty", value: "c.prompty" },
    ],
  },
  {
    name: "temperature",
    alternatives: [
      { name: "cold", value: 0 },
      { name: "warm", value: 0.7 },
    ],
  },
];

test("every alternative of an axis meets every one of the others, after the base", () => {
  expect(combinationsOf(AXES).map(({ name }) => name)).toEqual([
    "base",
    "prompt=brief temperature=cold",
    "prompt=brief temperature=warm",
    "prompt=chatty temperature=cold",
    "prompt=chatty temperature=warm",
  ]);
  expect(combinationsOf([]).map(({ name }) => name)).toEqual(["base"]);
});

test("a selection takes whole axes or single alternatives, and leaves the others at the base", () => {
  const names = (selected: string[]): string[] => combinationsOf(AXES, selected).map(({ name }) => name);
  expect(names(["temperature"])).toEqual(["base", "temperature=cold", "temperature=warm"]);
  expect(names(["temperature=warm", "prompt=chatty"])).toEqual(["base", "prompt=chatty temperature=warm"]);
  expect(names(["prompt=chatty", "prompt=brief"])).toEqual(["base", "prompt=brief", "prompt=chatty"]);
});

test("an axis or an alternative that does not exist is refused with the nearest", () => {
  expect(() => combinationsOf(AXES, ["promt"])).toThrow("The flow varies no promt. Did you mean prompt?");
  expect(() => combinationsOf(AXES, ["prompt=chaty"])).toThrow(
    "prompt has no alternative chaty. Did you mean chatty?",
  );
});

test("more combinations than anybody reads are refused with their numbers", () => {
  const many = ["prompt", "model", "seed"].map((name) => ({
    name,
    alternatives: Array.from({ length: 5 }, (_, value) => ({ name: String(value), value })),
  }));
  expect(() => combinationsOf(many)).toThrow("125 combinations: prompt (5), model (5), seed (5); at most 64");
  expect(combinationsOf(many, ["prompt", "model"])).toHaveLength(26);
});

/** The prompt, model and parameters that the only combination of the variants answers with. */
function applied(variants: string): { version: string[]; model: string | undefined; parameters: object } {
  const { definition, files } = valid(`variants: ${variants}`);
  const [, combination] = combinationsOf(definition.variants);
  if (!combination) throw new Error("There is no combination.");
  const { version } = splitFlow(withPrompt(definition, combination), files);
  const { prompt } = withModel(loadFlow(version.definition, version.files, new Map()), combination);
  return { version: [...version.files.keys()], model: prompt.model, parameters: prompt.parameters };
}

test("a combination answers with its prompt, its model and its parameters", () => {
  expect(applied("{ prompt: [prompts/brief.prompty], model: [gpt-4o], temperature: [0.7] }")).toEqual({
    version: ["prompts/brief.prompty"],
    model: "gpt-4o",
    parameters: { temperature: 0.7, max_completion_tokens: 300 },
  });
});

test("parameters of either dialect reach the model under its own names", () => {
  expect(applied("{ topP: [0.5], stopSequences: { end: [END] } }").parameters).toEqual({
    temperature: 0,
    max_completion_tokens: 300,
    top_p: 0.5,
    stop: ["END"],
  });
});

test.for([
  ["{ maxOutputTokens: [50] }", { temperature: 0, max_completion_tokens: 50 }],
  ["{ model: [llama3], maxOutputTokens: [50] }", { temperature: 0, max_tokens: 50 }],
  ["{ model: [llama3] }", { temperature: 0, max_tokens: 300 }],
  ["{ max_completion_tokens: [50] }", { temperature: 0, max_completion_tokens: 50 }],
  ["{ model: [o3-mini] }", { temperature: 0, max_completion_tokens: 300 }],
  ["{ model: [o3-mini], maxOutputTokens: [50] }", { temperature: 0, max_completion_tokens: 50 }],
] as const)("the limit of %s goes once, by the name that the model takes", ([variants, parameters]) => {
  expect(applied(variants).parameters).toEqual(parameters);
});
