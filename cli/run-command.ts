import type { Command } from "commander";
import { messageOf } from "../shared/errors.ts";
import { readSettings, type Settings } from "../shared/settings.ts";
import { findConnection, type Connection } from "./connection.ts";
import { EXIT_CODE, INTERRUPTED } from "./exit-code.ts";
import { createManagementApi, type ManagementApi } from "./management-api.ts";
import { createOutput, type Output } from "./output.ts";
import { plainText } from "./plain-text.ts";

/** The options that every command has. */
export interface CommonOptions {
  json?: boolean;
  debug?: boolean;
  url?: string;
  key?: string;
}

/** What a command works with. */
export interface Invocation {
  settings: Settings;
  output: Output;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  connect: () => Promise<Connection>;
  connectApi: () => Promise<ManagementApi>;
}

/** Adds the options that every command has. */
export function withCommonOptions(command: Command): Command {
  return command
    .option("--json", "print one JSON document on stdout and nothing else")
    .option("--url <url>", "the platform (default: FLOWGATE_URL, else the one `npm start` runs)")
    .option("--key <key>", "its function key (default: FLOWGATE_KEY)")
    .option("--debug", "show where an error comes from");
}

/**
 * Runs a command and sets the process's exit code to what it returns, to 130 after Ctrl-C and to 2 for an error,
 * which is printed as one line. A second Ctrl-C ends the process at once.
 */
export async function runCommand(
  options: CommonOptions,
  command: (invocation: Invocation) => Promise<number>,
): Promise<void> {
  const output = createOutput(options.json ?? false);
  const interruption = new AbortController();
  let interruptedAt = Infinity;
  const interrupt = (): void => {
    // Under npm one Ctrl-C arrives twice: from the terminal and passed on by npm.
    if (performance.now() - interruptedAt > 500) process.exit(INTERRUPTED);
    interruptedAt = Math.min(interruptedAt, performance.now());
    interruption.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  try {
    const settings = readSettings();
    const { signal } = interruption;
    const connect = (): Promise<Connection> => findConnection(settings, options, process.cwd());
    const connectApi = async (): Promise<ManagementApi> => createManagementApi(await connect(), signal);
    process.exitCode = await command({ settings, output, signal, connect, connectApi });
  } catch (error) {
    process.exitCode = interruption.signal.aborted ? INTERRUPTED : EXIT_CODE.error;
    if (!interruption.signal.aborted) reportError(error, output, options.debug ?? false);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
  // Requests still under way would hold the process.
  if (interruption.signal.aborted) process.exit();
}

function reportError(error: unknown, output: Output, debug: boolean): void {
  const message = plainText(messageOf(error)).trim() || "The command failed for a reason it does not know.";
  if (output.json) output.printJson({ error: { message } });
  output.note(`${output.paintNote("red", "error:")} ${message}`);
  if (debug && error instanceof Error) output.note(output.paintNote("dim", describe(error)));
}

function describe(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${describe(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
