import { createInterface } from "node:readline/promises";
import { CommandError } from "../command-error.ts";
import type { Ask } from "./label-rows.ts";

/**
 * A terminal to ask on until it is closed. Asking rejects after Ctrl-C, which reaches the process as ever, and with a
 * `CommandError` where the input ends.
 */
export function openTerminal(signal: AbortSignal): { ask: Ask; close: () => void } {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => undefined);
  terminal.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
  terminal.once("close", () =>
    ended.reject(new CommandError("The input ended. What was said before is kept.")),
  );
  return {
    ask: (question) => Promise.race([terminal.question(question, { signal }), ended.promise]),
    close: () => terminal.close(),
  };
}
