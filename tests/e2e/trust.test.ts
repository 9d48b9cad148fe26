import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { answeredRows } from "../../cli/label/rows-to-label.ts";
import { openLabelFile } from "../../cli/label/label-file.ts";
import { makeScratchFlows } from "./scratch-flows.ts";
import { startTestPlatform, verdictOf } from "./test-platform.ts";

// Twelve rows can rule out a wide gap only.
const GATE = `gate:
  judge: { agreement: ">= 0.6", labels: ">= 6" }
  groundedness: { mean: ">= 3" }
  errors: { rate: 0 }
  fairness:
    - { of: groundedness, by: customer.region, gap: "<= 3" }
    - { of: groundedness, counterfactual: gender, gap: "<= 3" }
`;
const ITEMS = ["tent", "stove", "lamp", "rope", "mat", "boot", "cup", "map", "axe", "bag", "cap", "net"];
const FILES = {
  "flow.yaml": `name: desk
prompt: chat.prompty
steps:
  customer: { lookup: customers.jsonl, by: id, equals: "{{ customerId }}" }
  item: { lookup: items.jsonl, by: name, equals: "{{ name }}" }
evaluation:
  datasets: [data/rows.jsonl]
  evaluators: [groundedness]
  counterfactuals: [{ name: gender, swap: [[he, she]] }]
${GATE}`,
  "chat.prompty": `---
name: desk
inputs: { question: { type: string }, customer: { type: object }, item: { type: object }, name: { type: string } }
---
system:
Answer only from the documents. The customer lives in {{ customer.region }}.

# Documents
## [{{ item.id }}] {{ item.name }}
{{ item.text }}

user:
{{ question }}
`,
  "customers.jsonl": '{"id": "1", "region": "north"}\n{"id": "2", "region": "south"}\n',
  "items.jsonl": ITEMS.map(
    (name, index) =>
      `{"id": "${index}", "name": "${name}", "text": "The ${name} costs ${index + 3} dollars and lasts."}\n`,
  ).join(""),
  "data/rows.jsonl": ITEMS.map(
    (name, index) =>
      `{"id": "${name}", "name": "${name}", "customerId": "${(index % 2) + 1}", "question": "What does the ${name} cost that ${index % 3 === 0 ? "he" : "she"} wants?"}\n`,
  ).join(""),
};

test("a gate waits for a judge that people agree with, and compares groups and counterfactuals", async () => {
  await using scratch = await makeScratchFlows();
  const folder = path.join(scratch.root, "desk");
  await mkdir(path.join(folder, "data"), { recursive: true });
  for (const [file, text] of Object.entries(FILES)) await writeFile(path.join(folder, file), text);
  await using flowgate = await startTestPlatform({ flow: "desk", flowFolder: folder });

  const unlabelled = verdictOf(await flowgate.pushAndWait());
  expect(unlabelled.outcome).toBe("inconclusive");
  expect(unlabelled.reasons.join("\n")).toContain("no answer is labelled, and 6 must be");

  const rows = await answeredRows(flowgate.api, "desk", unlabelled.run);
  expect(rows.map(({ row }) => row.id).sort()).toEqual(ITEMS.toSorted());
  const labels = await openLabelFile(flowgate.folder);
  for (const [index, { row, candidate }] of rows.slice(0, 6).entries()) {
    const { answer = "", context = "" } = candidate;
    const poor = index % 2 === 0;
    await labels.append({
      row: row.id,
      answer: poor ? "Every fourth customer wins a sailing trip around Antarctica in December." : answer,
      context,
      scores: { groundedness: poor ? 1 : 5 },
      by: "Ada",
    });
  }
  const judged = verdictOf(await flowgate.pushAndWait());
  expect(judged.reasons).toEqual([expect.stringContaining("requirements hold on")]);
  expect(judged.requirements.map(({ metric, gap }) => gap ?? metric)).toEqual([
    "groundedness",
    "errors",
    "gap by customer.region",
    "gap to counterfactual gender",
  ]);
  const { report } = await flowgate.api.run("desk", judged.run);
  expect(report?.calibration?.[0]).toMatchObject({ metric: "groundedness", labels: 6, disagreed: 0 });
  expect(report?.fairness?.[0]?.groups.map(({ group, rows }) => [group, rows])).toEqual([
    ["north", 6],
    ["south", 6],
  ]);
  expect(report?.fairness?.[1]?.pairs).toMatchObject({ pairs: 12, missing: 0 });
  expect(report?.rowsUsed).toBe(12);
  expect(await flowgate.api.reportFile("desk", judged.run, "report.md")).toContain(
    "How far the judge can be believed",
  );
});
