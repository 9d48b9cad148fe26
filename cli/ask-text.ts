import { createInterface } from "node:readline/promises";

/** Asks on the terminal; an empty answer is `fallback`. Rejects when aborted or when the input ends. */
export async function askText(question: string, fallback: string, signal: AbortSignal): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const interruption = new AbortController();
  terminal.once("SIGINT", () => {
    interruption.abort();
    process.kill(process.pid, "SIGINT");
  });
  terminal.once("close", () => interruption.abort());
  try {
    const answer = await terminal.question(`${question} [${fallback}] `, {
      signal: AbortSignal.any([signal, interruption.signal]),
    });
    return answer.trim() === "" ? fallback : answer.trim();
  } finally {
    terminal.close();
  }
}
