import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LocalAddresses } from "../../local/platform.ts";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");

/** `npm start` as a process of its own, in a process group of its own as a terminal would have it. */
export interface StartProcess extends AsyncDisposable {
  /** All it has said so far. */
  readonly output: string;
  /** What it said on standard error, without colours. */
  readonly errors: string;
  /** Resolves when the output holds the text that often; rejects with the output when the process ends before. */
  said(text: string, times?: number): Promise<void>;
  /** The addresses, once the platform is ready. */
  addresses(): Promise<LocalAddresses>;
  /** To every process of the group, as Ctrl-C in a terminal does it. */
  signal(name: "SIGINT" | "SIGTERM" | "SIGKILL"): void;
  /** The exit code. */
  ended: Promise<number | null>;
}

export function startProcess(options: {
  /** Whose platform: this repository's unless given. */
  repository?: string;
  data: string;
  flows: string;
  parameters?: string[];
  environment?: Record<string, string>;
}): StartProcess {
  const { data, flows, parameters = ["--port", "0"], repository = REPOSITORY } = options;
  const child = spawn(
    process.execPath,
    [path.join(repository, "local/start.mjs"), "--flows", flows, ...parameters],
    {
      env: { ...process.env, NO_COLOR: "1", FLOWGATE_DATA: data, ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    },
  );
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    errors += text;
  });
  // "close": the streams have been read to their end as well.
  const ended = once(child, "close").then(([code]) => code as number | null);
  const signal: StartProcess["signal"] = (name) => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      process.kill(-child.pid, name);
    }
  };
  const until = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
    for (;;) {
      const over = child.exitCode !== null || child.signalCode !== null;
      const found = await look();
      if (found !== undefined) return found;
      if (over) throw new Error(`The process ended before ${what}. It said:\n${output}`);
      await sleep(20);
    }
  };
  return {
    get output() {
      return output;
    },
    get errors() {
      return errors;
    },
    ended,
    signal,
    said: (text, times = 1) =>
      until(`it said "${text}"`, async () => (output.split(text).length > times ? null : undefined)).then(
        () => {},
      ),
    addresses: () =>
      until("local.json was written", async () => {
        const text = await readFile(path.join(data, "local.json"), "utf8").catch(() => "");
        return text.endsWith("}\n") ? (JSON.parse(text) as LocalAddresses) : undefined;
      }),
    async [Symbol.asyncDispose]() {
      signal("SIGKILL");
      await ended;
    },
  };
}
