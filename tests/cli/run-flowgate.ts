import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PassThrough } from "node:stream";
import { onTestFinished, vi } from "vitest";
import { runWords } from "../../cli/run-words.ts";

const ENTRY = fileURLToPath(new URL("../../cli/flowgate.mjs", import.meta.url));

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface CommandOptions {
  environment?: Record<string, string>;
  folder?: string;
  input?: string;
}

export interface Running {
  finished: Promise<Finished>;
  interrupt(): void;
  /** Resolves once stderr or stdout holds the text. */
  said(text: string): Promise<void>;
}

/** The real command in a process of its own, with none of this machine's settings but those given. */
export function startFlowgate(
  words: string[],
  options: CommandOptions & { nodeOptions?: string[] } = {},
): Running {
  const child = spawn(process.execPath, [...(options.nodeOptions ?? []), ENTRY, ...words], {
    cwd: options.folder ?? tmpdir(),
    env: environmentOf(options),
  });
  const heard = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      heard[name] += text;
      for (const listener of listeners) listener();
    });
  }
  child.stdin.on("error", () => {}); // A command that reads no input may be gone before it is written.
  child.stdin.end(options.input ?? "");
  const finished = new Promise<Finished>((resolve) => {
    child.once("close", (code) => resolve({ code, ...heard }));
  });
  return {
    finished,
    interrupt: () => void child.kill("SIGINT"),
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if ((heard.stdout + heard.stderr).includes(text)) resolve();
        };
        listeners.add(look);
        look();
        void finished.then(() => reject(new Error(`It ended without saying "${text}": ${heard.stderr}`)));
      }),
  };
}

/** Runs to its end in a process of its own: for what a process alone shows. */
export function flowgateProcess(...parameters: Parameters<typeof startFlowgate>): Promise<Finished> {
  return startFlowgate(...parameters).finished;
}

/** A command has this process's folder, settings and streams to itself. */
let before: Promise<unknown> = Promise.resolve();

/**
 * The command as a process would run it, but in this one, one after another: starting Node and reading the command takes
 * a hundred times what most commands do.
 */
export function flowgate(words: string[], options: CommandOptions = {}): Promise<Finished> {
  const finished = before.then(() => runHere(words, options));
  before = finished.catch(() => undefined);
  return finished;
}

async function runHere(words: string[], options: CommandOptions): Promise<Finished> {
  const { argv, exitCode } = process;
  const kept = { ...process.env };
  const stdin = Object.getOwnPropertyDescriptor(process, "stdin");
  const folder = process.cwd();
  const input = new PassThrough();
  input.end(options.input ?? "");
  const heard = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      heard[name] += String(text);
      return true;
    }),
  );
  try {
    process.chdir(options.folder ?? tmpdir());
    replaceEnvironment(environmentOf(options));
    process.argv = [process.execPath, ENTRY, ...words];
    process.exitCode = undefined;
    Object.defineProperty(process, "stdin", { value: input, configurable: true });
    await runWords(words);
    return { code: exitCodeNow(), ...heard };
  } finally {
    for (const spy of spies) spy.mockRestore();
    if (stdin) Object.defineProperty(process, "stdin", stdin);
    process.exitCode = exitCode;
    process.argv = argv;
    replaceEnvironment(kept);
    process.chdir(folder);
  }
}

function exitCodeNow(): number {
  return Number(process.exitCode ?? 0);
}

function environmentOf(options: CommandOptions): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: tmpdir(),
    GIT_CONFIG_NOSYSTEM: "1",
    TZ: "UTC",
    ...options.environment,
  };
}

/** In place: what Node itself reads of it, the time zone, follows. */
function replaceEnvironment(wanted: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in wanted)) delete process.env[name];
  Object.assign(process.env, wanted);
}

/** A folder that goes with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "flowgate-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
