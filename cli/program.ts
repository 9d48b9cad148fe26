import { Command } from "commander";
import packageFacts from "../package.json" with { type: "json" };

/** What each command is loaded by. */
const COMMANDS: Record<string, () => Promise<(program: Command) => void>> = {
  start: async () => (await import("./commands/start.ts")).addStart,
  validate: async () => (await import("./commands/validate.ts")).addValidate,
  render: async () => (await import("./commands/render.ts")).addRender,
  compare: async () => (await import("./commands/compare.ts")).addCompare,
  init: async () => (await import("./commands/init.ts")).addInit,
  import: async () => (await import("./commands/import.ts")).addImport,
  push: async () => (await import("./commands/push.ts")).addPush,
  github: async () => (await import("./commands/github.ts")).addGithub,
  hook: async () => (await import("./commands/hook.ts")).addHook,
  status: async () => (await import("./commands/status.ts")).addStatus,
  report: async () => (await import("./commands/report.ts")).addReport,
  scorecard: async () => (await import("./commands/scorecard.ts")).addScorecard,
  key: async () => (await import("./commands/key.ts")).addKey,
  label: async () => (await import("./commands/label.ts")).addLabel,
  review: async () => (await import("./commands/review.ts")).addReview,
  diff: async () => (await import("./commands/diff.ts")).addDiff,
  history: async () => (await import("./commands/history.ts")).addHistory,
  chat: async () => (await import("./commands/chat.ts")).addChat,
  stop: async () => (await import("./commands/release.ts")).addReleaseCommand("stop"),
  serve: async () => (await import("./commands/release.ts")).addReleaseCommand("serve"),
  approve: async () => (await import("./commands/release.ts")).addReleaseCommand("approve"),
  pause: async () => (await import("./commands/release.ts")).addReleaseCommand("pause"),
  resume: async () => (await import("./commands/release.ts")).addReleaseCommand("resume"),
  abort: async () => (await import("./commands/release.ts")).addReleaseCommand("abort"),
  promote: async () => (await import("./commands/release.ts")).addReleaseCommand("promote"),
  rollback: async () => (await import("./commands/rollback.ts")).addRollback,
  replay: async () => (await import("./commands/replay.ts")).addReplay,
  doctor: async () => (await import("./commands/doctor.ts")).addDoctor,
};

/**
 * The command with those of its commands that the word names: only what is asked for is loaded, since a check takes less
 * time than reading all of the command. Help, and a word that is none, need every name.
 */
export async function createProgram(word: string): Promise<Command> {
  const program = new Command("flowgate")
    .description("The gate between a prompt and production: check a flow, push it, see what came of it.")
    .version(packageFacts.version)
    .showHelpAfterError("(see --help)")
    .exitOverride()
    .addHelpText("after", "\nExit codes: 0 pass, 1 fail, 2 error, 3 inconclusive, 130 interrupted.");
  for (const [name, load] of Object.entries(COMMANDS)) {
    if (name === word || !Object.hasOwn(COMMANDS, word)) (await load())(program);
  }
  return program;
}
