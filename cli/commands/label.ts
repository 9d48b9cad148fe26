import type { Command } from "commander";
import type { Evaluator } from "../../shared/evaluators/evaluator.ts";
import type { FlowStatus } from "../../shared/model/status.ts";
import { CommandError } from "../command-error.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { findFlowFolder } from "../find-flow-folder.ts";
import { personHere } from "../git-facts.ts";
import { type CommonOptions, type Invocation, runCommand, withCommonOptions } from "../run-command.ts";
import { wholeNumber } from "../whole-number.ts";

interface LabelOptions extends CommonOptions {
  rows: number;
  evaluator?: string[];
  hard?: boolean;
  run?: string;
}

/** `flowgate label [folder]` */
export function addLabel(program: Command): void {
  const command = program
    .command("label")
    .description("score answers yourself, so that reports show how far the judge can be believed")
    .argument("[folder]", "the flow's folder (default: this one, or the only one under flows/)")
    .option("--rows <n>", "how many rows to ask about", wholeNumber, 30)
    .option("--evaluator <names...>", "score by these only (default: all that ask a judge)")
    .option("--hard", "rows that the judge found hard to tell first; they are left out of its bias")
    .option("--run <id>", "whose answers (default: the run of what is in production, else the latest)")
    .addHelpText(
      "after",
      "\nRows come at random, by a hash. Each label is written to data/labels.jsonl at once.\n--json prints the rows and asks nothing.\n\nExit codes: 0 done; 2 nothing to label, or an error; 130 interrupted.",
    );
  withCommonOptions(command).action((folder: string | undefined, options: LabelOptions) =>
    runCommand(options, (invocation) => label(folder, options, invocation)),
  );
}

async function label(
  named: string | undefined,
  options: LabelOptions,
  { output, connectApi, signal }: Invocation,
): Promise<number> {
  const folder = await findFlowFolder(named, process.cwd());
  const [{ checkFolder }, { openLabelFile }, { answeredRows, rowsToLabel }] = await Promise.all([
    import("../check-folder.ts"),
    import("../label/label-file.ts"),
    import("../label/rows-to-label.ts"),
  ]);
  const { definition } = await checkFolder(folder);
  if (!definition) throw new CommandError(`${folder} is not valid: flowgate validate ${folder} says why.`);
  if (!output.json && !process.stdin.isTTY) {
    throw new CommandError(
      `Labels are given at a terminal. Elsewhere, flowgate label ${folder} --json prints the rows: add a line {"row", "answer", "context", "scores"} for each to ${folder}/data/labels.jsonl.`,
    );
  }
  const evaluators = await judgesOf(definition.evaluation.evaluators, options.evaluator);
  const api = await connectApi();
  const run = options.run ?? runOf(await api.flow(definition.name));
  const file = await openLabelFile(folder);
  const metrics = evaluators.map(({ name }) => name);
  const rows = rowsToLabel(await answeredRows(api, definition.name, run), {
    count: options.rows,
    hard: options.hard ?? false,
    evaluators,
    isLabelled: (row, answer, turn) => file.isLabelled(row, answer, metrics, turn),
  });
  if (output.json) {
    output.printJson({ flow: definition.name, run, evaluators: metrics, file: file.path, rows });
    return EXIT_CODE.pass;
  }
  if (rows.length === 0) {
    throw new CommandError(
      `Every answer of run ${run} is labelled. Push a change, or name another with --run.`,
    );
  }
  const [{ labelRows }, { openTerminal }] = await Promise.all([
    import("../label/label-rows.ts"),
    import("../label/terminal.ts"),
  ]);
  const terminal = openTerminal(signal);
  try {
    const given = await labelRows({
      rows,
      evaluators,
      file,
      by: await personHere(folder),
      chosen: options.hard ? "hard" : "random",
      ask: terminal.ask,
      output,
      now: () => new Date(),
    });
    const what = given === 1 ? "1 label is" : `${given} labels are`;
    output.print(
      given === 0
        ? "No label was given."
        : `${what} in ${file.path}. The next push shows how far the judge agrees.`,
    );
  } finally {
    terminal.close();
  }
  return EXIT_CODE.pass;
}

async function judgesOf(
  references: { name: string; use: string }[],
  named: string[] | undefined,
): Promise<Evaluator[]> {
  const [{ bindEvaluator }, { restsOnJudge }] = await Promise.all([
    import("../../shared/evaluators/bind-evaluator.ts"),
    import("../../shared/evaluators/rests-on-judge.ts"),
  ]);
  const judges = references.map(bindEvaluator).filter(restsOnJudge);
  const known = judges.map(({ name }) => name);
  if (known.length === 0)
    throw new CommandError("No evaluator of this flow asks a judge: there is nothing to label.");
  const unknown = named?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new CommandError(`No judge of this flow scores ${unknown}. Name ${known.join(", ")}.`);
  }
  return judges.filter(({ name }) => named?.includes(name) ?? true);
}

function runOf({ flow, release, run }: FlowStatus): string {
  const id = release?.stable?.run ?? run?.plan.id;
  if (id !== undefined) return id;
  throw new CommandError(`There is no run of ${flow} yet. Push it: flowgate push flows/${flow} --wait.`);
}
