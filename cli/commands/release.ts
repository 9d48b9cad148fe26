import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import type { ReleasePointer } from "../../shared/model/release.ts";
import type { ReleaseVerb } from "../../shared/model/status.ts";
import { versionName } from "../../shared/model/version.ts";
import { RELEASE_VERB_WORDS } from "../../shared/report/release-verb-words.ts";
import { askYes } from "../ask-yes.ts";
import { CommandError } from "../command-error.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { personHere } from "../git-facts.ts";
import { plainText } from "../plain-text.ts";
import { releaseWords } from "../release-words.ts";
import { sendCommand } from "../send-command.ts";
import { type CommonOptions, type Invocation, runCommand, withCommonOptions } from "../run-command.ts";

interface ReleaseOptions extends CommonOptions {
  reason: string;
  rollout?: string;
  candidate?: string;
  yes?: boolean;
}

type Verb = Exclude<ReleaseVerb, "rollback">;

/** `flowgate approve|pause|resume|abort|promote|stop|serve <flow> --reason "..."` */
export function addReleaseCommand(verb: Verb): (program: Command) => void {
  return (program) => {
    const command = program
      .command(verb)
      .description(RELEASE_VERB_WORDS[verb])
      .argument("<flow>", "the flow")
      .requiredOption("--reason <text>", "why, for the ledger (required)");
    // A switch is of the flow, whatever is under way.
    if (verb !== "stop" && verb !== "serve") {
      command.option("--rollout <id>", "only this rollout (default: the one under way)");
    }
    if (verb === "promote") {
      command.option("--candidate <id>", "which version (default: the candidate, or the latest change)");
      command.option("--yes", "do not ask");
    }
    command.addHelpText("after", "\nExit codes: 0 done; 2 refused, not confirmed, or an error.");
    withCommonOptions(command).action((flow: string, options: ReleaseOptions) =>
      runCommand(options, (invocation) => act(verb, flow, options, invocation)),
    );
  };
}

async function act(
  verb: Verb,
  flow: string,
  options: ReleaseOptions,
  { output, connectApi, signal }: Invocation,
): Promise<number> {
  const reason = options.reason.trim();
  if (reason === "") throw new CommandError('Give a reason: --reason "why".');
  const api = await connectApi();
  const { release } = await api.flow(flow);
  if (!release) throw new CommandError(`Nothing was released of ${plainText(flow)} yet.`);
  if (verb === "promote" && options.yes !== true) {
    const candidate = options.candidate ?? release.rollout?.candidate.version;
    const what = candidate === undefined ? "the latest change" : versionName(flow, candidate);
    if (!process.stdin.isTTY || output.json) {
      throw new CommandError(
        `This would let ${what} serve everybody. Add --yes to do it without being asked.`,
      );
    }
    if (!(await askYes(`Let ${what} serve everybody?`, signal))) {
      output.note("Nothing changed.");
      return EXIT_CODE.error;
    }
  }
  const isSwitch = verb === "stop" || verb === "serve";
  const rolloutId = isSwitch ? undefined : (options.rollout ?? release.rollout?.id);
  const after = await sendCommand(api, flow, verb, {
    generation: release.generation,
    rolloutId,
    // What is approved or resumed is the step that was seen.
    step: verb === "approve" || verb === "resume" ? release.canary?.step : undefined,
    version: options.candidate,
    reason,
    actor: await personHere(process.cwd()),
    key: randomUUID(),
  });
  if (output.json) output.printJson(after);
  else {
    const [now = servedWords(after), ...more] = releaseWords(after);
    output.print(`${output.paint("green", "✓")} ${now}`);
    for (const line of more) output.print(`  ${line}`);
  }
  return EXIT_CODE.pass;
}

function servedWords({ flow, stable, stopped }: ReleasePointer): string {
  if (stopped) return `${plainText(flow)} answers nobody.`;
  return stable ? `Production serves ${versionName(flow, stable.version)}.` : "Nothing serves.";
}
