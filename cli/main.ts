import { Command, CommanderError } from "commander";
import packageFacts from "../package.json" with { type: "json" };
import { addChat } from "./commands/chat.ts";
import { addCompare } from "./commands/compare.ts";
import { addDiff } from "./commands/diff.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addHistory } from "./commands/history.ts";
import { addImport } from "./commands/import.ts";
import { addInit } from "./commands/init.ts";
import { addLabel } from "./commands/label.ts";
import { addPush } from "./commands/push.ts";
import { addRender } from "./commands/render.ts";
import { addReport } from "./commands/report.ts";
import { addRollback } from "./commands/rollback.ts";
import { addStatus } from "./commands/status.ts";
import { addValidate } from "./commands/validate.ts";
import { EXIT_CODE } from "./exit-code.ts";

const program = new Command("flowgate")
  .description("The gate between a prompt and production: check a flow, push it, see what came of it.")
  .version(packageFacts.version)
  .showHelpAfterError("(see --help)")
  .exitOverride()
  .addHelpText("after", "\nExit codes: 0 pass, 1 fail, 2 error, 3 inconclusive, 130 interrupted.");

addValidate(program);
addRender(program);
addCompare(program);
addInit(program);
addImport(program);
addPush(program);
addStatus(program);
addReport(program);
addLabel(program);
addDiff(program);
addHistory(program);
addChat(program);
addRollback(program);
addDoctor(program);

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
