import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** The files of a small flow with `rows` questions: one answer and two judge calls a row. */
export function benchFlow(name: string, rows: number): Map<string, string> {
  const questions = Array.from({ length: rows }, (_, index) =>
    JSON.stringify({ id: `row-${index}`, question: `What does item ${index} weigh?` }),
  );
  return new Map([
    [
      "flow.yaml",
      [
        `name: ${name}`,
        "prompt: chat.prompty",
        "evaluation:",
        "  datasets: [data.jsonl]",
        "  evaluators: [relevance, coherence]",
        "gate:",
        '  relevance: { mean: ">= 3" }',
        '  coherence: { mean: ">= 3" }',
        "",
      ].join("\n"),
    ],
    ["chat.prompty", benchPrompt(0)],
    ["data.jsonl", `${questions.join("\n")}\n`],
  ]);
}

/** Another `edition` is another version. */
export function benchPrompt(edition: number): string {
  return [
    "---",
    "name: bench",
    "inputs:",
    "  question:",
    "    type: string",
    "---",
    "system:",
    `Answer briefly. Edition ${edition}.`,
    "",
    "user:",
    "{{ question }}",
    "",
  ].join("\n");
}

/** A `flows/` folder with one flow in it, in a temporary place. */
export async function writeFlowsFolder(name: string, files: ReadonlyMap<string, string>): Promise<string> {
  const flows = await mkdtemp(path.join(tmpdir(), "flowgate-bench-flows-"));
  await mkdir(path.join(flows, name));
  for (const [file, text] of files) await writeFile(path.join(flows, name, file), text);
  return flows;
}
