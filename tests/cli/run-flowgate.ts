import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished, vi } from "vitest";

// Every command is a process of its own, and a busy machine starts them slowly.
vi.setConfig({ testTimeout: 60_000 });

const ENTRY = fileURLToPath(new URL("../../cli/flowgate.mjs", import.meta.url));

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
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
  options: {
    environment?: Record<string, string>;
    folder?: string;
    input?: string;
    nodeOptions?: string[];
  } = {},
): Running {
  const child = spawn(process.execPath, [...(options.nodeOptions ?? []), ENTRY, ...words], {
    cwd: options.folder ?? tmpdir(),
    env: {
      PATH: process.env["PATH"],
      HOME: tmpdir(),
      GIT_CONFIG_NOSYSTEM: "1",
      TZ: "UTC",
      ...options.environment,
    },
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

export function flowgate(...parameters: Parameters<typeof startFlowgate>): Promise<Finished> {
  return startFlowgate(...parameters).finished;
}

/** A folder that goes with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "flowgate-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
