import { CommanderError } from "commander";
import { EXIT_CODE } from "./exit-code.ts";
import { createProgram } from "./program.ts";

const program = await createProgram(process.argv[2] ?? "");

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
