import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { temporaryFolder } from "./run-flowgate.ts";

/** The smallest flow that is valid, named `shop`. */
export const SHOP: Record<string, string> = {
  "flow.yaml": [
    "name: shop",
    "prompt: chat.prompty",
    "evaluation:",
    "  datasets: [data/questions.jsonl]",
    "  evaluators: [relevance]",
    "gate:",
    '  relevance: { mean: ">= 3" }',
    "",
  ].join("\n"),
  "chat.prompty": [
    "---",
    "name: shop",
    "model:",
    "  api: chat",
    "inputs:",
    "  question:",
    "    type: string",
    "---",
    "system:",
    "You answer questions about a shop.",
    "",
    "user:",
    "{{ question }}",
    "",
  ].join("\n"),
  "data/questions.jsonl": '{"id": "1", "question": "When do you open?", "ground_truth": "At nine."}\n',
};

/** A folder that goes with the test, holding the files. */
export async function folderWith(texts: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}
