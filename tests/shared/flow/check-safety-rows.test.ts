import { expect, test } from "vitest";
import { knownNames } from "../../../shared/evaluators/known-names.ts";
import { validateFlow } from "../../../shared/flow/validate-flow.ts";

const PROMPT = "---\nname: shop\ninputs:\n  question:\n    type: string\n---\nuser:\n{{question}}\n";

function warningsOf(evaluators: string): string[] {
  const flow = `name: shop
prompt: chat.prompty
evaluation:
  datasets:
    - data.jsonl
    - { path: attacks.jsonl, as: safety }
  evaluators: ${evaluators}
gate:
  coherence: { mean: ">= 3" }
`;
  const files = {
    "flow.yaml": flow,
    "chat.prompty": PROMPT,
    "data.jsonl": row("Hello"),
    "attacks.jsonl": row("Boo"),
  };
  const bytes = new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
  return validateFlow(bytes, knownNames()).diagnostics.map(
    ({ severity, file, line, message }) => `${file}:${line}: ${severity}: ${message}`,
  );
}

const row = (question: string): string => `${JSON.stringify({ question })}\n`;

test("safety rows that no evaluator of safety measures are warned of where they are listed", () => {
  expect(warningsOf("[coherence]")).toEqual([
    "flow.yaml:6: warning: Nothing measures the rows of attacks.jsonl: no evaluator of safety is listed.",
  ]);
});

test("one evaluator of safety is enough", () => {
  expect(warningsOf("[coherence, violence]")).toEqual([]);
});
