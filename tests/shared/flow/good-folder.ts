import { knownNames } from "../../../shared/evaluators/known-names.ts";
import { validateFlow } from "../../../shared/flow/validate-flow.ts";

/** A small flow that has nothing wrong with it. */
export const GOOD: Record<string, string> = {
  "flow.yaml": `name: shop
prompt: chat.prompty
steps:
  customer: { lookup: knowledge/customers.jsonl, by: id, equals: "{{ customerId }}" }
  documents: { retrieve: knowledge/products.jsonl, query: "{{ question }}" }
variants: { prompt: { brief: brief.prompty } }
evaluation: { datasets: [data/rows.jsonl], evaluators: [similarity] }
gate: { similarity: { mean: ">= 3" } }
`,
  "chat.prompty": `---
inputs:
  question: { type: string }
  customer: { type: object }
---
system:
Help {{ customer.name }}.
{% for document in documents %}{{ document.name }}{% endfor %}
user:
{{ question }}
`,
  "brief.prompty": "system:\n{{ customer.name }} {{ documents | length }}\nuser:\n{{ question }}\n",
  "knowledge/customers.jsonl": '{"id": 1, "name": "Ada"}\n',
  "knowledge/products.jsonl": '{"id": 1, "name": "Tent"}\n',
  "data/rows.jsonl": '{"question": "Hi", "customerId": "1", "ground_truth": "Hello"}\n',
};

/** `file:line:column: severity: message` of all that is found in a folder. */
export function problemsOf(files: Record<string, string | undefined>): string[] {
  const written = Object.entries(files).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, new TextEncoder().encode(text)] as const],
  );
  return validateFlow(new Map(written), knownNames()).diagnostics.map(
    ({ file, line, column, severity, message }) => `${file}:${line}:${column}: ${severity}: ${message}`,
  );
}

/** What is found, each cut to the length of what is expected in its place. */
export function clipped(found: string[], expected: readonly string[]): string[] {
  return found.map((problem, index) => problem.slice(0, expected[index]?.length));
}

/** The flow after a replacement in one of its files. */
export function changed(
  file: string,
  from: string | RegExp,
  to: string,
  files: Record<string, string> = GOOD,
): Record<string, string> {
  const text = files[file]?.replace(from, to);
  if (text === undefined || text === files[file]) throw new Error(`${from} is not in ${file}.`);
  return { ...files, [file]: text };
}
