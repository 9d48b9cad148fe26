import path from "node:path";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { createOutput } from "../cli/output.ts";
import { messageOf } from "../shared/errors.ts";
import { readSettings } from "../shared/settings.ts";
import { askFirstQuestion } from "./ask-first-question.ts";
import { describePlatform } from "./describe-platform.ts";
import { createHostLogger } from "./host-logger.ts";
import { startPlatform } from "./platform.ts";
import { findFlowFolders, runChange } from "./run-change.ts";
import { watchFlows } from "./watch-flows.ts";

interface StartOptions {
  once: boolean;
  workers: number;
  port?: number;
  flows: string;
  verbose: boolean;
}

const program = new Command("npm start --")
  .exitOverride()
  .description("Start the embedded platform, push the flows, ask the first question, and watch for changes.")
  .option("--once", "end after the first answer; the exit code is that of the worst step", false)
  .option("--workers <count>", "app processes that share the work", numberBetween(1, 64), 1)
  .option("--port <port>", "of the functions (default: FLOWGATE_PORT, else 7071)", numberBetween(0, 65_535))
  .option("--flows <folder>", "where the flows are", "flows")
  .option("--verbose", "print the host's whole log", false)
  .addHelpText("after", "\nSettings: docs/settings.md. Exit codes: 0 pass, 1 fail, 2 error, 3 inconclusive.");

try {
  process.exitCode = await start(program.parse().opts<StartOptions>());
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}

async function start(options: StartOptions): Promise<number> {
  const output = createOutput(false);
  const stopped = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => stopped.abort(new Error(signal)));
  }
  try {
    const settings = readSettings();
    const folders = await findFlowFolders(options.flows);
    const appFolder = path.resolve(import.meta.dirname, "..");
    const startedAt = performance.now();
    output.print(output.paint("bold", "Flowgate") + output.paint("dim", "  starting the embedded platform"));
    await using platform = await startPlatform({
      settings: { ...settings, port: options.port ?? settings.port },
      appFolder,
      workers: options.workers,
      log: createHostLogger(output, options.verbose),
    }).then((started) => ({ ...started, [Symbol.asyncDispose]: () => started.close() }));
    output.print(describePlatform(platform, settings, performance.now() - startedAt, output.paint));

    const change = { platform, output, signal: stopped.signal };
    // Before the first push, so that nothing saved while it is under way is missed.
    await using watching = options.once ? undefined : await watchFlows(options.flows, change);
    let exitCode = 0;
    for (const folder of folders) exitCode = Math.max(exitCode, await runChange(folder, change));
    for (const folder of folders) exitCode = Math.max(exitCode, await askFirstQuestion(folder, change));
    if (!watching || stopped.signal.aborted) return exitCode;

    output.print(
      `\nWatching ${output.paint("bold", `${options.flows}/`)}: edit a prompt, save, and see what becomes of it. Ctrl-C stops.`,
    );
    await watching.run();
    output.print("\nStopping: what is under way is finished or resumed at the next start.");
    return 0;
  } catch (error) {
    if (stopped.signal.aborted) return 130;
    output.note(`${output.paintNote("red", "error:")} ${messageOf(error)}`);
    return 2;
  }
}

function numberBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}
