import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { knownNames } from "../../shared/evaluators/known-names.ts";
import { validateFlow } from "../../shared/flow/validate-flow.ts";

const guide = readFileSync(new URL("../../docs/steps.md", import.meta.url), "utf8");
const examples = [...guide.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, yaml = ""]) => yaml);

const FILES = {
  "chat.prompty":
    "system:\n{{ customer.name if customer }}{% for d in documents %}{{ d.name }}{% endfor %}{{ search }}\nuser:\n{{ question }}",
  "query.prompty":
    "---\ninputs: { conversation: { type: thread }, question: { type: string } }\n---\nsystem:\nRewrite.\n{{ conversation }}\nuser:\n{{ question }}",
  "knowledge/customers.jsonl": '{"id": 1, "name": "Ada"}\n',
  "knowledge/products.jsonl": '{"id": 1, "name": "Tent", "description": "Light."}\n',
  "data.jsonl": '{"question": "Hi", "customerId": "1", "chat_history": []}\n',
};

test("the guide has an example of each kind of step", () => {
  expect(examples).toHaveLength(4);
});

test.each(examples)("the guide's example is valid: %s", (steps) => {
  const flow = `name: shop\nprompt: chat.prompty\nevaluation: { datasets: data.jsonl, evaluators: [relevance] }\ngate: { relevance: { mean: ">= 3" } }\n`;
  const files = Object.entries({ ...FILES, "flow.yaml": flow + steps });
  const { diagnostics } = validateFlow(
    new Map(files.map(([path, text]) => [path, new TextEncoder().encode(text)])),
    { ...knownNames(), connections: ["my-search"] },
  );
  // An example has some of the steps that the prompt uses; nothing else may be amiss.
  expect(
    diagnostics.filter(({ message }) => !/template uses (customer|documents|search)/.test(message)),
  ).toEqual([]);
});
