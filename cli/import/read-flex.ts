import path from "node:path";
import type { Findings } from "../../shared/flow/diagnostics.ts";
import { parseYaml } from "../../shared/flow/parse-yaml.ts";
import { isFields, textOf } from "./fields.ts";
import type { ImportSource } from "./import-source.ts";

/** The `.prompty` file that a flex flow enters by; where it enters Python, an error that names it. */
export async function readFlex(
  file: string,
  text: string,
  source: ImportSource,
  findings: Findings,
): Promise<string | undefined> {
  const yaml = parseYaml(file, text, findings);
  if (yaml === undefined) return undefined;
  const entry = isFields(yaml.value) ? textOf(yaml.value.entry) : undefined;
  const place = yaml.placeOf(["entry"]);
  const folder = path.posix.dirname(file);
  if (entry === undefined) {
    findings.error(file, place, "The flow names no entry.", "Write entry: <a .prompty file>.");
    return undefined;
  }
  if (/\.prompty$/i.test(entry)) return path.posix.join(folder, entry);
  const prompts = (await source.list(folder)).filter((name) => name.endsWith(".prompty"));
  const remedy =
    prompts.length === 0
      ? "Write what its code asks the model into a .prompty file, what it looks up into steps of flow.yaml: flowgate init begins one."
      : `Import its prompt: flowgate import ${path.posix.join(source.folder, folder, prompts[0] ?? "")}. What the code finds before becomes steps of flow.yaml.`;
  findings.error(file, place, `The flow's entry ${entry} is Python, which Flowgate does not run.`, remedy);
  return undefined;
}
