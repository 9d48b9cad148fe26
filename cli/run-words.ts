import { CommanderError } from "commander";
import { EXIT_CODE } from "./exit-code.ts";
import { createProgram } from "./program.ts";

/** Runs the command that the words give, those after the program's name, and sets the process's exit code. */
export async function runWords(given: string[]): Promise<void> {
  const program = await createProgram(given[0] ?? "");
  const [first, named] = given;
  // Help on a word that is no command would be that of all commands, without a word about it.
  const isUnknown = named !== undefined && !program.commands.some((command) => command.name() === named);
  const words = first === "help" && isUnknown ? given.slice(1) : given;
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : EXIT_CODE.error;
    // Whoever asked for JSON reads only that, also of a call whose words are off.
    if (error.exitCode !== 0 && words.includes("--json")) {
      const message = error.message.replace(/^error: /, "");
      process.stdout.write(`${JSON.stringify({ error: { message } }, undefined, 2)}\n`);
    }
  }
}
