import { createInterface } from "node:readline/promises";
import type { Ask } from "./label-rows.ts";

/** A terminal to ask on until it is closed. Asking rejects after Ctrl-C, which also reaches the process. */
export function openTerminal(signal: AbortSignal): { ask: Ask; close: () => void } {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const interruption = new AbortController();
  terminal.once("SIGINT", () => {
    interruption.abort();
    process.kill(process.pid, "SIGINT");
  });
  terminal.once("close", () => interruption.abort());
  const ended = AbortSignal.any([signal, interruption.signal]);
  return { ask: (question) => terminal.question(question, { signal: ended }), close: () => terminal.close() };
}
