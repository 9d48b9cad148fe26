import type { Findings, Place } from "./diagnostics.ts";
import type { JsonProblem } from "./strict-json.ts";

/** More warnings about numbers than these help nobody: of digits in one file, of points in all files that are read. */
const MAX_WARNINGS = { digits: 20, point: 3 };
/** Points lost so far. That prices end in .0 is seen from a few, also in a folder with a file for each. */
const points = new WeakMap<Findings, number>();

type JsonReport = (problems: readonly JsonProblem[], placeAt: (offset: number) => Place) => void;

/** Reports what is wrong with the JSON texts of one file. */
export function createJsonReport(file: string, findings: Findings): JsonReport {
  let digits = 0;
  const count = (lost: "digits" | "point"): number => {
    if (lost === "digits") return (digits += 1);
    const before = points.get(findings) ?? 0;
    points.set(findings, before + 1);
    return before + 1;
  };
  return (problems, placeAt) => {
    for (const { severity, offset, message, remedy, lost } of problems) {
      const left = lost === undefined ? Infinity : MAX_WARNINGS[lost] - count(lost);
      if (left < 0) continue;
      const told = left === 0 ? `${message} Others like it are not shown.` : message;
      findings[severity](file, placeAt(offset), told, remedy);
    }
  };
}

/** As `createJsonReport`, but nothing is reported before `tell`; what can have no place in the report is not held. */
export function createLateReport(file: string, findings: Findings): { add: JsonReport; tell(): void } {
  const held: { problem: JsonProblem; place: Place }[] = [];
  const counts = { digits: 0, point: 0 };
  return {
    add(problems, placeAt) {
      for (const problem of problems) {
        const { lost, offset } = problem;
        if (lost !== undefined && (counts[lost] += 1) > MAX_WARNINGS[lost] + 1) continue;
        held.push({ problem, place: placeAt(offset) });
      }
    },
    tell() {
      const report = createJsonReport(file, findings);
      for (const { problem, place } of held) report([problem], () => place);
    },
  };
}
