import type { Command } from "commander";
import { STANDING_NAMES, versionStanding } from "../diff/registry-side.ts";
import { chooseFlow } from "../choose-flow.ts";
import { EXIT_CODE } from "../exit-code.ts";
import type { ManagementApi } from "../management-api.ts";
import { printScorecard } from "../print-scorecard.ts";
import { type CommonOptions, runCommand, withCommonOptions } from "../run-command.ts";
import { type PageOptions, wantsPage, writePage } from "../write-page.ts";

interface ScorecardOptions extends CommonOptions, PageOptions {
  flow?: string;
}

/** `flowgate scorecard [version]` */
export function addScorecard(program: Command): void {
  const command = program
    .command("scorecard")
    .description("what a version is for, what it was shown to do, and who decided it, each with its evidence")
    .argument(
      "[version]",
      "flow@id, production, previous or latest, or a flow for its production",
      "production",
    )
    .option("--flow <name>", "the flow that production, previous and latest are of (default: the only one)")
    .option("--html [file]", "write the scorecard as one page (default: <flow>-<version>-scorecard.html)")
    .option("--open", "write the page and open it in the browser")
    .addHelpText(
      "after",
      "\nExample: flowgate scorecard contoso-chat@3f9a1c2e8b04 --html. See docs/scorecard.md.",
    );
  withCommonOptions(command).action((named: string, options: ScorecardOptions) =>
    runCommand(options, async ({ output, connectApi }) => {
      const api = await connectApi();
      const [inName, id = named] = named.includes("@")
        ? named.split("@")
        : await meantBy(named, options, api);
      const flow = await chooseFlow(api, inName ?? options.flow);
      const version = await versionStanding(api, flow, id);
      const page = wantsPage(options)
        ? await writePage(options, {
            name: `${flow}-${version}-scorecard.html`,
            content: await api.scorecardPage(flow, version),
          })
        : undefined;
      if (page !== undefined && !output.json) {
        output.print(page);
        return EXIT_CODE.pass;
      }
      const card = await api.scorecard(flow, version);
      const { paint, columns } = output;
      if (output.json) output.printJson(card);
      else output.print(printScorecard(card, { paint, columns }));
      return EXIT_CODE.pass;
    }),
  );
}

/** The flow and the version of a word that is no `flow@id`: as elsewhere, a flow's name means what it serves. */
async function meantBy(
  named: string,
  { flow }: ScorecardOptions,
  api: ManagementApi,
): Promise<[flow?: string, version?: string]> {
  if (flow !== undefined || STANDING_NAMES.some((name) => name === named)) return [];
  const { flows } = await api.flows();
  return flows.some((known) => known.flow === named) ? [named, "production"] : [];
}
