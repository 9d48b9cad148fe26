import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import type { ReleasePointer } from "../../shared/model/release.ts";
import { versionName } from "../../shared/model/version.ts";
import { RELEASE_VERB_WORDS } from "../../shared/report/release-verb-words.ts";
import { askYes } from "../ask-yes.ts";
import { CommandError } from "../command-error.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { personHere } from "../git-facts.ts";
import { plainText } from "../plain-text.ts";
import { type CommonOptions, runCommand, withCommonOptions } from "../run-command.ts";
import { sendCommand } from "../send-command.ts";

interface RollbackOptions extends CommonOptions {
  reason: string;
  yes?: boolean;
}

/** `flowgate rollback <flow> --reason "..."` */
export function addRollback(program: Command): void {
  const command = program
    .command("rollback")
    .description(RELEASE_VERB_WORDS.rollback)
    .argument("<flow>", "the flow")
    .requiredOption("--reason <text>", "why, for the ledger (required)")
    .option("--yes", "do not ask")
    .addHelpText(
      "after",
      "\nExit codes: 0 rolled back; 2 nothing to go back to, not confirmed, or an error.",
    );
  withCommonOptions(command).action((flow: string, options: RollbackOptions) =>
    runCommand(options, async ({ output, connectApi, signal }) => {
      if (options.reason.trim() === "") throw new CommandError('Give a reason: --reason "why".');
      const api = await connectApi();
      const { release } = await api.flow(flow);
      const [leaving, target] = release ? changeOf(release) : [];
      if (!release || leaving === undefined || target === undefined) {
        throw new CommandError(`There is no version of ${plainText(flow)} to go back to.`);
      }
      const from = versionName(flow, leaving);
      const to = versionName(flow, target);
      if (!options.yes) {
        if (!process.stdin.isTTY || output.json) {
          throw new CommandError(
            `This would replace ${from} by ${to}. Add --yes to do it without being asked.`,
          );
        }
        if (!(await askYes(`Replace ${from} by ${to} in production?`, signal))) {
          output.note("Nothing changed.");
          return EXIT_CODE.error;
        }
      }
      const pointer = await sendCommand(api, flow, "rollback", {
        generation: release.generation,
        reason: options.reason.trim(),
        actor: await personHere(process.cwd()),
        key: randomUUID(),
      });
      if (output.json) output.printJson(pointer);
      else {
        const serves = versionName(flow, pointer.stable?.version ?? target);
        output.print(`${output.paint("green", "✓")} Production serves ${serves} in place of ${from}.`);
      }
      return EXIT_CODE.pass;
    }),
  );
}

/** The version that would go, and the one that would serve in its place. */
function changeOf({ canary, stable, previous }: ReleasePointer): (string | undefined)[] {
  return canary ? [canary.version, stable?.version] : [stable?.version, previous?.version];
}
