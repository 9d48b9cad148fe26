import type { Findings } from "./diagnostics.ts";
import { lostInNumber } from "./lost-in-number.ts";
import type { ParsedYaml } from "./parse-yaml.ts";

/** Of settings, 1.0 and 1 are the same; templates print what these hold. */
const PRINTED = new Set(["inputs", "sample"]);
const MAX_WARNINGS = 20;

/** Warns of numbers in a frontmatter that are not read as they are written. */
export function checkNumbers(path: string, yaml: ParsedYaml, findings: Findings): void {
  const lost = yaml.numbers.flatMap(({ written, under, place }) => {
    const loss = lostInNumber(written);
    const counts = loss?.kind !== "point" || PRINTED.has(under ?? "");
    return loss === undefined || !counts ? [] : [{ ...loss, place }];
  });
  for (const { place, message, remedy } of lost.slice(0, MAX_WARNINGS)) {
    findings.warning(path, place, message, remedy);
  }
}
