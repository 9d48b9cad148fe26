import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import OpenAI from "openai";
import { expect, test } from "vitest";
import { makeScratchFlows } from "./scratch-flows.ts";
import { startTestPlatform, verdictOf } from "./test-platform.ts";

const FILES = {
  "flow.yaml": `name: desk
prompt: chat.prompty
steps:
  - name: documents
    retrieve: knowledge.jsonl
    mode: hybrid
    query: "{{ question }} {{ rewrite }}"
    top: 1
  - name: rewrite
    prompt: query.prompty
    when: question | length > 10
evaluation: { datasets: [data.jsonl], evaluators: [groundedness] }
gate: { groundedness: { mean: ">= 4" }, errors: { rate: 0 } }
`,
  "chat.prompty": `---
name: desk
inputs: { question: { type: string } }
---
system:
Answer only from the documents.

# Documents
{% for document in documents %}## [{{ document.id }}] {{ document.title }}
{{ document.text }}
{% endfor %}

user:
{{ question }}
`,
  "query.prompty": `---
name: query
inputs: { question: { type: string } }
---
system:
Say what the question is about in a few words.

user:
{{ question }}
`,
  "knowledge.jsonl": `{"id": "ZX-81", "title": "Returns", "text": "Form ZX-81 returns an item within 30 days."}
{"id": "QL-7", "title": "Repairs", "text": "Form QL-7 asks for a repair, which takes two weeks."}
`,
  "data.jsonl": `{"id": "a", "question": "What is form ZX-81 for?"}
{"id": "b", "question": "What is form QL-7 for?"}
`,
};

test("a flow whose prompt step feeds a hybrid search is evaluated, promoted and answers", async () => {
  await using scratch = await makeScratchFlows();
  const folder = path.join(scratch.root, "desk");
  await mkdir(folder);
  for (const [file, text] of Object.entries(FILES)) await writeFile(path.join(folder, file), text);
  await using flowgate = await startTestPlatform({ flow: "desk", flowFolder: folder });

  const verdict = verdictOf(await flowgate.pushAndWait());
  expect(verdict.reasons).toEqual([expect.stringContaining("requirements hold on")]);
  expect(verdict.outcome).toBe("pass");

  const client = new OpenAI({ baseURL: `${flowgate.platform.host.url}/v1`, apiKey: "any", maxRetries: 0 });
  const ask = async (question: string): Promise<OpenAI.Chat.ChatCompletion> =>
    client.chat.completions.create({ model: "desk", messages: [{ role: "user", content: question }] });
  const long = await ask("What is form QL-7 for?");
  expect(long.choices[0]?.message.content).toContain("repair");
  // Too short for the condition: one call, so fewer tokens of the whole turn.
  const short = await ask("QL-7?");
  expect(short.usage?.prompt_tokens ?? 0).toBeLessThan(long.usage?.prompt_tokens ?? 0);

  const kept: string[] = [];
  for await (const { name } of flowgate.store.list("registry", "desk/vectors/")) kept.push(name);
  expect(kept).toHaveLength(1);
});
