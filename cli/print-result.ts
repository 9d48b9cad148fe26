import { EXIT_CODE } from "./exit-code.ts";
import type { Output } from "./output.ts";
import { printDiagnostics } from "./print-diagnostics.ts";
import { printVerdict } from "./print-verdict.ts";
import { releaseWords } from "./release-words.ts";
import type { WaitResult } from "./wait-for-verdict.ts";

/**
 * A refused, superseded or failed change is an error; a decided one exits as its verdict says, unless it passed and the
 * release withholds it.
 */
export function exitCodeOf(result: WaitResult): number {
  if (result.kind !== "decided") return EXIT_CODE.error;
  return result.withheld !== undefined ? EXIT_CODE.fail : EXIT_CODE[result.verdict.outcome];
}

/** Prints what became of a change: the refusal's problems, or the verdict and what production serves now. */
export function printResult(result: WaitResult, flow: string, folder: string, output: Output): void {
  switch (result.kind) {
    case "refused":
      output.print(printDiagnostics(result.diagnostics, output.paint, folder));
      return output.print(output.paint("red", "The platform refused the change; production is untouched."));
    case "superseded":
      return output.note(`A newer change took this one's place; \`flowgate status ${flow}\` shows it.`);
    case "failed":
      return output.note(`${output.paintNote("red", "error:")} ${result.message}`);
    case "decided": {
      const { verdict, notices, served } = result;
      const { paint, columns } = output;
      output.print(`\n${printVerdict(verdict, { paint, columns, notices })}\n`);
      const version = `${flow}@${verdict.version}`;
      if (result.underWay) for (const line of releaseWords(result.underWay)) output.print(line);
      else if (verdict.purpose === "proposal") output.print("A proposal: production is untouched.");
      else if (verdict.outcome !== "pass") output.print("Production is untouched.");
      else if (served) output.print(paint("green", `Production serves ${version}.`));
      else if (result.withheld !== undefined) {
        output.print(paint("red", `It passed, but production will not serve ${version}. ${result.withheld}`));
      } else output.note(`It passed, but production does not serve it yet: \`flowgate status ${flow}\`.`);
    }
  }
}
