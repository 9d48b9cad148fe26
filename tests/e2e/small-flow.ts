/** A flow of three short files that needs no retrieval, for tests that are not about the answers. */
export function writeSmallFlow(name: string): Map<string, string> {
  return new Map([
    [
      "flow.yaml",
      `name: ${name}
prompt: chat.prompty
evaluation:
  datasets: [data.jsonl]
  evaluators: [coherence]
gate:
  coherence: { mean: ">= 1" }
`,
    ],
    [
      "chat.prompty",
      `---
name: ${name}
inputs:
  question:
    type: string
---
system:
The shop opens at 9 and closes at 17. Answer only from this.

user:
{{ question }}
`,
    ],
    [
      "data.jsonl",
      `{"id": "open", "question": "When does the shop open?"}\n{"id": "close", "question": "When does the shop close?"}\n`,
    ],
  ]);
}
