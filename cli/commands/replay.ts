import { userInfo } from "node:os";
import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { formatTime } from "../format-time.ts";
import { plainText } from "../plain-text.ts";
import { type CommonOptions, runCommand, withCommonOptions } from "../run-command.ts";

/** `flowgate replay [message]` */
export function addReplay(program: Command): void {
  const command = program
    .command("replay")
    .description("put a message that was given up back into its queue, once its cause is mended")
    .argument("[message]", "which, as <queue>/<id> (default: show them)")
    .addHelpText(
      "after",
      "\nOf a run that ended in an error nothing is to be had this way: push the flow again.",
    );
  withCommonOptions(command).action((message: string | undefined, options: CommonOptions) =>
    runCommand(options, async ({ output, connectApi }) => {
      const api = await connectApi();
      if (message !== undefined) {
        const [queue = "", id, ...rest] = message.split("/");
        if (!id || rest.length > 0) throw new CommandError(`"${message}" is not <queue>/<id>.`);
        const replayed = await api.replay(queue, id, userInfo().username);
        if (output.json) output.printJson(replayed);
        else output.print(`Put back into ${queue}.`);
        return EXIT_CODE.pass;
      }
      const list = await api.givenUp();
      if (output.json) output.printJson(list);
      else if (list.messages.length === 0) output.print("No message was given up.");
      else {
        for (const { queue, id, at, reason } of list.messages) {
          output.print(`${formatTime(at)}  ${queue}/${id}\n  ${plainText(reason)}`);
        }
      }
      return EXIT_CODE.pass;
    }),
  );
}
