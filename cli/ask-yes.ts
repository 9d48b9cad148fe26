import { createInterface } from "node:readline/promises";

/** Asks on the terminal; anything but y or yes is a no. Rejects when aborted. */
export async function askYes(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const interruption = new AbortController();
  terminal.once("SIGINT", () => interruption.abort());
  terminal.once("close", () => interruption.abort());
  try {
    const answer = await terminal.question(`${question} [y/N] `, {
      signal: AbortSignal.any([signal, interruption.signal]),
    });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (interruption.signal.aborted) return false;
    throw error;
  } finally {
    terminal.close();
  }
}
