import type { Command } from "commander";
import type { FlowStatus, RolloutProgress } from "../../shared/model/status.ts";
import { EXIT_CODE } from "../exit-code.ts";
import type { ManagementApi } from "../management-api.ts";
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
      const print = async (status: FlowStatus): Promise<string> =>
        printStatus(status, output.paint, await rolloutProgress(api, status));
      if (flow !== undefined) {
        const status = await api.flow(flow);
        if (output.json) output.printJson(status);
        else output.print(await print(status));
        return EXIT_CODE.pass;
      }
      const list = await api.flows();
      if (output.json) output.printJson(list);
      else if (list.flows.length === 0)
        output.print("There is no flow yet. Push one: flowgate push flows/<name>.");
      else output.print((await Promise.all(list.flows.map(print))).join("\n\n"));
      return EXIT_CODE.pass;
    }),
  );
}

/** What the traffic shows of a rollout under way. Where that cannot be had, the status is no worse without it. */
async function rolloutProgress(
  api: ManagementApi,
  { flow, release }: FlowStatus,
): Promise<RolloutProgress | undefined> {
  if (!release?.rollout) return undefined;
  return (await api.release(flow).catch(() => undefined))?.rollout;
}
