import type { Command } from "commander";
import { reportView } from "../../shared/report/report-view.ts";
import { chooseFlow } from "../choose-flow.ts";
import { CommandError } from "../command-error.ts";
import { EXIT_CODE } from "../exit-code.ts";
import type { ManagementApi } from "../management-api.ts";
import { printReport } from "../print-report.ts";
import { printVerdict } from "../print-verdict.ts";
import { type CommonOptions, runCommand, withCommonOptions } from "../run-command.ts";
import { type PageOptions, wantsPage, writePage } from "../write-page.ts";

interface ReportOptions extends CommonOptions, PageOptions {
  run?: string;
  markdown?: boolean;
}

/** `flowgate report [flow] [--run id]` */
export function addReport(program: Command): void {
  const command = program
    .command("report")
    .description("a run's verdict, what it measured, and the rows that did worst")
    .argument("[flow]", "the flow (default: the only one)")
    .option("--run <id>", "the run (default: that of the latest change)")
    .option("--markdown", "print the report as Markdown, as it is kept in storage")
    .option("--html [file]", "write the report as one page (default: <flow>-<run>.html)")
    .option("--open", "write the page and open it in the browser")
    .addHelpText(
      "after",
      "\nExit codes are the verdict's: 0 pass, 1 fail, 2 error or none yet, 3 inconclusive.",
    );
  withCommonOptions(command).action((named: string | undefined, options: ReportOptions) =>
    runCommand(options, async ({ output, connectApi }) => {
      const api = await connectApi();
      const flow = await chooseFlow(api, named);
      const detail = await api.run(flow, options.run ?? (await latestRun(api, flow)));
      const { plan, verdict, report, shardsDone } = detail;
      if (!verdict) {
        const progress = `${shardsDone} of ${plan.shards.length} shards are done`;
        throw new CommandError(`The run ${plan.id} is ${detail.state} and has no verdict: ${progress}.`);
      }
      const { paint, columns } = output;
      const page = wantsPage(options)
        ? await writePage(options, {
            name: `${flow}-${plan.id}.html`,
            content: await api.reportFile(flow, plan.id, "report.html"),
          })
        : undefined;
      if (output.json) output.printJson(detail);
      else if (page !== undefined) output.print(page);
      else if (options.markdown) output.write(await api.reportFile(flow, plan.id, "report.md"));
      else if (report) {
        const view = detail.view ?? reportView(report, verdict, undefined, undefined);
        output.print(printReport(verdict, view, { paint, columns }));
      } else output.print(printVerdict(verdict, { paint, columns }));
      return EXIT_CODE[verdict.outcome];
    }),
  );
}

async function latestRun(api: ManagementApi, flow: string): Promise<string> {
  const { run, change, release } = await api.flow(flow);
  const id = run?.plan.id ?? release?.stable?.run;
  if (id !== undefined) return id;
  throw new CommandError(
    change?.outcome.kind === "refused"
      ? `The latest change of ${flow} was refused and never run: \`flowgate status ${flow}\` says why.`
      : `There is no run of ${flow} yet. Push it: flowgate push flows/${flow} --wait.`,
  );
}
