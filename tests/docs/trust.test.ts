import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseDocument } from "yaml";
import { knownNames } from "../../shared/evaluators/known-names.ts";
import { labelSchema } from "../../shared/flow/label-schema.ts";
import { validateFlow } from "../../shared/flow/validate-flow.ts";
import { flowgate } from "../cli/run-flowgate.ts";

function guide(name: string): string {
  return readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), "utf8");
}

function blocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(
    ([, text = ""]) => text,
  );
}

const EXAMPLES = ["calibration", "fairness"].flatMap((name) => blocks(guide(name), "yaml"));
const FILES = {
  "chat.prompty": "system:\n{{ customer.name }}\nuser:\n{{ question }}",
  "customers.jsonl": '{"id": 1, "name": "Ada", "region": "north"}\n',
  "data.jsonl":
    '{"question": "Is he in?", "customerId": "1"}\n{"question": "Is Emily in?", "customerId": "1"}\n',
};

test("the guides have examples", () => {
  expect(EXAMPLES).toHaveLength(3);
});

test.each(EXAMPLES)("the guides' example is valid: %s", (example) => {
  const flow = parseDocument(
    'name: shop\nprompt: chat.prompty\nsteps: { customer: { lookup: customers.jsonl, by: id, equals: "{{ customerId }}" } }\nevaluation: { datasets: data.jsonl, evaluators: [groundedness] }\n',
  );
  const { evaluation, gate } = parseDocument(example).toJS() as Record<string, Record<string, unknown>>;
  for (const [key, value] of Object.entries(evaluation ?? {})) flow.setIn(["evaluation", key], value);
  flow.set("gate", gate);
  const files = Object.entries({ ...FILES, "flow.yaml": flow.toString() });
  const { diagnostics } = validateFlow(
    new Map(files.map(([path, text]) => [path, new TextEncoder().encode(text)])),
    knownNames(),
  );
  expect(diagnostics).toEqual([]);
});

test("the guide's label is one, and its options are those of the command", async () => {
  const text = guide("calibration");
  for (const line of blocks(text, "jsonl"))
    expect(labelSchema.safeParse(JSON.parse(line)).success).toBe(true);
  const { stdout } = await flowgate(["label", "--help"]);
  const options = [...text.matchAll(/^\| `(--[a-z]+)/gm)].map(([, option = ""]) => option);
  expect(options).toHaveLength(5);
  for (const option of options) expect(stdout).toContain(option);
});
