import path from "node:path";
import { CommanderError } from "commander";
import { startCommand, type StartOptions } from "../cli/commands/start.ts";
import { createOutput } from "../cli/output.ts";
import { messageOf } from "../shared/errors.ts";
import { readSettings } from "../shared/settings.ts";
import { askFirstQuestion } from "./ask-first-question.ts";
import { describePlatform } from "./describe-platform.ts";
import { createHostLogger } from "./host-logger.ts";
import { startPlatform } from "./platform.ts";
import { findFlowFolders, runChange } from "./run-change.ts";
import { watchFlows } from "./watch-flows.ts";

const program = startCommand().name("flowgate start").exitOverride();

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
