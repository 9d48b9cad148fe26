import { type Command, InvalidArgumentError } from "commander";
import { CommandError } from "../command-error.ts";
import type { Comparison, ComparisonPlan } from "../compare/comparison.ts";
import { EXIT_CODE, INTERRUPTED } from "../exit-code.ts";
import { findFlowFolder } from "../find-flow-folder.ts";
import { countDiagnostics, printDiagnostics } from "../print-diagnostics.ts";
import { createProgressLine } from "../progress-line.ts";
import { type CommonOptions, type Invocation, runCommand, withCommonOptions } from "../run-command.ts";
import { wholeNumber } from "../whole-number.ts";

interface CompareOptions extends CommonOptions {
  variants?: string[];
  rows?: number;
  maxCalls: number;
}

const MAX_CALLS = 20_000;

/** `flowgate compare [folder] [--variants prompt,model=large] [--rows n]` */
export function addCompare(program: Command): void {
  const command = program
    .command("compare")
    .description("try the variants of a flow on its datasets, here, and rank them; nothing is pushed")
    .argument("[folder]", "the flow's folder (default: this one, or the only one under flows/)")
    .option("--variants <list>", "axes to vary, such as prompt,model=large (default: all)", list)
    .option("--rows <n>", "answer only n rows, chosen by their content (default: all)", wholeNumber)
    .option(
      "--max-calls <n>",
      "refuse to start where more model calls than this are needed",
      wholeNumber,
      MAX_CALLS,
    )
    .addHelpText(
      "after",
      "\nExit codes: 0 the best combination passes the gate, 1 none does, 2 error. See docs/variants.md.",
    );
  withCommonOptions(command).action((folder: string | undefined, options: CompareOptions) =>
    runCommand(options, (invocation) => compare(folder, options, invocation)),
  );
}

async function compare(
  folder: string | undefined,
  options: CompareOptions,
  { output, settings, connect, signal }: Invocation,
): Promise<number> {
  const { checkFolder } = await import("../check-folder.ts");
  const checked = await checkFolder(await findFlowFolder(folder, process.cwd()));
  const { definition, diagnostics } = checked;
  if (diagnostics.length > 0 && !output.json) {
    output.note(printDiagnostics(diagnostics, output.paintNote, checked.folder));
  }
  if (!definition) {
    if (output.json) output.printJson({ compared: false, diagnostics });
    output.note(`Nothing was compared: ${countDiagnostics(diagnostics)} in ${checked.folder}.`);
    return EXIT_CODE.error;
  }
  if (definition.variants.length === 0) {
    throw new CommandError(
      `${definition.name} has no variants. Add some to its flow.yaml, such as variants: { temperature: { cold: 0, warm: 0.7 } }; see docs/variants.md.`,
    );
  }
  const [{ runComparison }, { openCacheFolder }, { modelToUse }, { printComparison }] = await Promise.all([
    import("../compare/run-comparison.ts"),
    import("../compare/cache-folder.ts"),
    import("../compare/model-to-use.ts"),
    import("../compare/print-comparison.ts"),
  ]);
  const progress = createProgressLine(output.json ? { write: () => true } : process.stderr, definition.name);
  let comparison: Comparison;
  try {
    comparison = await runComparison({
      definition,
      files: checked.files,
      settings: { ...settings, model: await modelToUse(settings, await connect()) },
      cache: await openCacheFolder(settings.dataFolder, process.cwd()),
      selected: options.variants ?? [],
      rows: options.rows,
      maxCalls: options.maxCalls,
      signal,
      onPlan: (plan) => output.note(planWords(plan)),
      onAnswer: progress.comparing,
    });
  } catch (error) {
    progress.end();
    if (!signal.aborted) throw error;
    if (output.json) output.printJson({ compared: false, interrupted: true });
    output.note("stopped: what was answered so far is recorded, and the next time it costs nothing");
    return INTERRUPTED;
  }
  progress.end();
  if (output.json) output.printJson({ ...comparison, passes: passes(comparison) });
  else output.print(printComparison(comparison, { paint: output.paint, columns: output.columns }));
  return passes(comparison) ? EXIT_CODE.pass : EXIT_CODE.fail;
}

function passes({ combinations }: Comparison): boolean {
  return combinations[0]?.outcome === "pass";
}

function planWords({ flow, rows, compared, calls, callsToMake }: ComparisonPlan): string {
  const recorded = calls - callsToMake;
  const known = recorded === 0 ? "" : ` (${recorded} of ${calls} are recorded)`;
  return `Comparing ${flow}: ${rows} rows x ${compared} combinations: up to ${callsToMake} model calls${known}`;
}

function list(written: string): string[] {
  const parts = written
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (parts.length === 0) throw new InvalidArgumentError("Name at least one axis.");
  return parts;
}
