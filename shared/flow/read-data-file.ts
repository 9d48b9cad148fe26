import { createFindings, type Findings } from "./diagnostics.ts";
import { positionAt } from "./jinja/template-error.ts";
import { lostInNumber } from "./lost-in-number.ts";
import { parseYaml } from "./parse-yaml.ts";
import { createJsonReport } from "./report-json.ts";
import { parseStrictJson } from "./strict-json.ts";

const MAX_WARNINGS = 20;

/** Whether a file that a prompt refers to is read as values, and not as text. */
export function isDataFile(file: string): boolean {
  return /\.(?:json|ya?ml)$/i.test(file);
}

/** The values in a JSON or YAML file. Undefined where it is none, with findings at their places in it. */
export function readDataFile(file: string, text: string): { value: unknown; findings: Findings["list"] } {
  const findings = createFindings();
  if (/\.json$/i.test(file)) {
    const { value, problems } = parseStrictJson(text);
    createJsonReport(file, findings)(problems, (offset) => positionAt(text, offset));
    return { value, findings: findings.list };
  }
  const yaml = parseYaml(file, text, findings);
  for (const { written, place } of yaml?.numbers ?? []) {
    const loss = lostInNumber(written);
    if (loss === undefined || findings.list.length >= MAX_WARNINGS) continue;
    findings.warning(file, place, loss.message, loss.remedy);
  }
  return { value: yaml?.value, findings: findings.list };
}
