import { checkFolder } from "../cli/check-folder.ts";
import { askFlow } from "../cli/ask-flow.ts";
import { EXIT_CODE } from "../cli/exit-code.ts";
import { rowsOf } from "../shared/flow/dataset-rows.ts";
import { messageOf } from "../shared/errors.ts";
import { questionOf } from "../shared/model/question-of.ts";
import type { ChangeContext } from "./run-change.ts";

/** Asks production the first question of the flow's first dataset, and shows the answer with the version that gave it. */
export async function askFirstQuestion(
  folder: string,
  { platform, output, signal }: ChangeContext,
): Promise<number> {
  const { definition, files } = await checkFolder(folder);
  if (!definition) return EXIT_CODE.error;
  const [row] = rowsOf(definition.evaluation, files);
  const question = row && questionOf(row.fields);
  if (question === undefined) return EXIT_CODE.pass;
  output.print(`\n${output.paint("bold", `Asking ${definition.name} in production`)}`);
  output.print(`${output.paint("dim", "Q")} ${question}`);
  output.write(`${output.paint("dim", "A")} `);
  try {
    const { version } = await askFlow(
      { url: platform.addresses.host, key: undefined },
      {
        flow: definition.name,
        messages: [{ role: "user", content: question }],
        inputs: textInputs(row?.fields ?? {}),
      },
      { onText: output.write, signal },
    );
    output.print(`\n  ${output.paint("dim", `answered by ${version ?? "an unnamed version"}`)}`);
    return EXIT_CODE.pass;
  } catch (error) {
    output.print("");
    output.note(`${output.paintNote("red", "error:")} ${messageOf(error)}`);
    return EXIT_CODE.error;
  }
}

/** Of the row's fields those that a client could send beside the question. */
function textInputs(fields: Record<string, unknown>): Record<string, string> {
  const known = new Set(["id", "question", "query", "input", "ground_truth", "category", "chat_history"]);
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      !known.has(name) && (typeof value === "string" || typeof value === "number")
        ? [[name, String(value)]]
        : [],
    ),
  );
}
