import { CommanderError } from "commander";
import { EXIT_CODE } from "./exit-code.ts";
import { createProgram } from "./program.ts";

/** Runs the command that the words give, those after the program's name, and sets the process's exit code. */
export async function runWords(words: string[]): Promise<void> {
  const program = await createProgram(words[0] ?? "");
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : EXIT_CODE.error;
    // Whoever asked for JSON reads only that, also of a call whose words are off.
    if (error.exitCode !== 0 && words.includes("--json")) {
      process.stdout.write(`${JSON.stringify({ error: { message: error.message } }, undefined, 2)}\n`);
    }
  }
}
