import type { Command } from "commander";
import { EXIT_CODE } from "../exit-code.ts";
import { printStatus } from "../print-status.ts";
import { type CommonOptions, runCommand, withCommonOptions } from "../run-command.ts";

/** `flowgate status [flow]` */
export function addStatus(program: Command): void {
  const command = program
    .command("status")
    .description("what serves, what became of the latest change, and how far its run is")
    .argument("[flow]", "the flow (default: every flow)");
  withCommonOptions(command).action((flow: string | undefined, options: CommonOptions) =>
    runCommand(options, async ({ output, connectApi }) => {
      const api = await connectApi();
      if (flow !== undefined) {
        const status = await api.flow(flow);
        if (output.json) output.printJson(status);
        else output.print(printStatus(status, output.paint));
        return EXIT_CODE.pass;
      }
      const list = await api.flows();
      if (output.json) output.printJson(list);
      else if (list.flows.length === 0)
        output.print("There is no flow yet. Push one: flowgate push flows/<name>.");
      else output.print(list.flows.map((status) => printStatus(status, output.paint)).join("\n\n"));
      return EXIT_CODE.pass;
    }),
  );
}
