import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import { versionStanding } from "../diff/registry-side.ts";
import { chooseFlow } from "../choose-flow.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { openInBrowser } from "../open-in-browser.ts";
import { printScorecard } from "../print-scorecard.ts";
import { type CommonOptions, runCommand, withCommonOptions } from "../run-command.ts";

interface ScorecardOptions extends CommonOptions {
  flow?: string;
  html?: string | true;
  open?: boolean;
}

/** `flowgate scorecard [version]` */
export function addScorecard(program: Command): void {
  const command = program
    .command("scorecard")
    .description("what a version is for, what it was shown to do, and who decided it, each with its evidence")
    .argument("[version]", "flow@id, production, previous or latest", "production")
    .option("--flow <name>", "the flow that production, previous and latest are of (default: the only one)")
    .option("--html [file]", "write the scorecard as one page (default: <flow>-<version>-scorecard.html)")
    .option("--open", "with --html: open the page in the browser")
    .addHelpText(
      "after",
      "\nExample: flowgate scorecard contoso-chat@3f9a1c2e8b04 --html. See docs/scorecard.md.",
    );
  withCommonOptions(command).action((named: string, options: ScorecardOptions) =>
    runCommand(options, async ({ output, connectApi }) => {
      const api = await connectApi();
      const [inName, id = named] = named.includes("@") ? named.split("@") : [];
      const flow = await chooseFlow(api, inName ?? options.flow);
      const version = await versionStanding(api, flow, id);
      if (options.html) {
        const name = typeof options.html === "string" ? options.html : `${flow}-${version}-scorecard.html`;
        const file = path.resolve(name);
        await writeFile(file, await api.scorecardPage(flow, version));
        if (options.open) openInBrowser(file);
        output.print(file);
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
