import { Command, CommanderError } from "commander";
import packageFacts from "../package.json" with { type: "json" };
import { EXIT_CODE } from "./exit-code.ts";

const COMMANDS: Record<string, () => Promise<(program: Command) => void>> = {
  validate: async () => (await import("./commands/validate.ts")).addValidate,
  render: async () => (await import("./commands/render.ts")).addRender,
  compare: async () => (await import("./commands/compare.ts")).addCompare,
  init: async () => (await import("./commands/init.ts")).addInit,
  import: async () => (await import("./commands/import.ts")).addImport,
  push: async () => (await import("./commands/push.ts")).addPush,
  status: async () => (await import("./commands/status.ts")).addStatus,
  report: async () => (await import("./commands/report.ts")).addReport,
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
  doctor: async () => (await import("./commands/doctor.ts")).addDoctor,
};

const program = new Command("flowgate")
  .description("The gate between a prompt and production: check a flow, push it, see what came of it.")
  .version(packageFacts.version)
  .showHelpAfterError("(see --help)")
  .exitOverride()
  .addHelpText("after", "\nExit codes: 0 pass, 1 fail, 2 error, 3 inconclusive, 130 interrupted.");

// Only what is asked for is loaded: a check takes less time than reading all of the command. Help and what is no
// command need every name.
const [word = ""] = process.argv.slice(2);
for (const [name, load] of Object.entries(COMMANDS)) {
  if (name === word || !Object.hasOwn(COMMANDS, word)) (await load())(program);
}

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : EXIT_CODE.error;
  // Whoever asked for JSON reads only that, also of a call whose words are off.
  if (error.exitCode !== 0 && process.argv.includes("--json")) {
    process.stdout.write(`${JSON.stringify({ error: { message: error.message } }, undefined, 2)}\n`);
  }
}
