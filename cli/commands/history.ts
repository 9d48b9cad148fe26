import type { Command } from "commander";
import type { FlowHistory, RunStatus } from "../../shared/model/status.ts";
import { chooseFlow } from "../choose-flow.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { formatTime } from "../format-time.ts";
import type { Output } from "../output.ts";
import { excerpt } from "../plain-text.ts";
import { type CommonOptions, runCommand, withCommonOptions } from "../run-command.ts";
import { formatTable, type TableRow } from "../table.ts";
import { wholeNumber } from "../whole-number.ts";

interface HistoryOptions extends CommonOptions {
  top: number;
}

/** Characters of what was decided; the run's name stands behind them. */
const REMARK = 300;

/** `flowgate history [flow]` */
export function addHistory(program: Command): void {
  const command = program
    .command("history")
    .description(
      "every decision about a flow, newest first, with what was refused or overtaken and what goes on, and whether " +
        "the record of them is whole",
    )
    .argument("[flow]", "the flow (default: the only one)")
    .option("--top <count>", "how many decisions to show", wholeNumber, 50)
    .addHelpText("after", "\nExit codes: 0 the record is whole, 1 it was changed afterwards, 2 an error.");
  withCommonOptions(command).action((named: string | undefined, options: HistoryOptions) =>
    runCommand(options, async ({ output, connectApi }) => {
      const api = await connectApi();
      const history = await api.history(await chooseFlow(api, named), options.top);
      if (output.json) output.printJson(history);
      else output.print(printHistory(history, output));
      if (history.chainIntact) return EXIT_CODE.pass;
      output.note(
        output.paintNote(
          "red",
          "warning: the ledger's chain of hashes is broken: an entry was changed or lost.",
        ),
      );
      return EXIT_CODE.fail;
    }),
  );
}

function printHistory(history: FlowHistory, output: Output): string {
  const { flow, entries, refusals, superseded, underWay } = history;
  const { paint, columns } = output;
  const decisions = entries.map(({ at, kind, version, from, actor, reason, run }) => ({
    at,
    cells: [kind, version, from ?? "–"],
    remark: `${excerpt(`${actor}: ${reason}`, REMARK)}${run === undefined ? "" : ` (run ${excerpt(run, 40)})`}`,
  }));
  const refused = refusals.map(({ at, commit, outcome }) => ({
    at,
    cells: ["refused", "–", "–"],
    remark: `${commit?.author ?? "somebody"}: ${firstFinding(outcome.kind === "refused" ? outcome.diagnostics : [])}`,
  }));
  const overtaken = superseded.map(({ at, version, run, commit }) => ({
    at,
    cells: ["superseded", version, "–"],
    remark: `${commit?.author ?? "somebody"}: a newer change came before it was judged${run === undefined ? "" : `, in run ${run}`}`,
  }));
  const goesOn = underWay ? [openRun(underWay)] : [];
  const rows = [...goesOn, ...decisions, ...refused, ...overtaken]
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .flatMap(({ at, cells, remark }): TableRow[] => [
      [formatTime(at), ...cells.map((cell) => excerpt(cell, 40))],
      { remark: excerpt(remark, REMARK + 60) },
    ]);
  if (rows.length === 0) return `Nothing was decided about ${flow} yet.`;
  return formatTable({ head: ["when", "what", "version", "from"], rows, flexible: 3, columns, paint });
}

function openRun({ plan, state, verdict, rowsDone = 0 }: RunStatus): {
  at: string;
  cells: string[];
  remark: string;
} {
  const done = verdict ? "nothing was decided yet" : `${rowsDone} of ${plan.rows} rows are done`;
  return {
    at: plan.plannedAt,
    cells: [verdict?.outcome ?? state, plan.version, plan.baseline ?? "–"],
    remark: `${plan.commit?.author ?? "somebody"}: ${done}, in run ${plan.id}`,
  };
}

function firstFinding(diagnostics: { file: string; line: number; message: string }[]): string {
  const [first] = diagnostics;
  return first ? `${first.file}:${first.line}: ${first.message}` : "no reason was recorded";
}
