import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LocalAddresses } from "../local/platform.ts";
import { childEnvironment } from "../shared/settings.ts";

/** A platform started as a user starts it, as a process of its own with an empty data folder. */
export interface PlatformProcess {
  addresses: LocalAddresses;
  /** Seconds from the start of the process to `local.json`, which says that it is ready. */
  readySeconds: number;
  close(): Promise<void>;
}

export async function startPlatformProcess(options: {
  flows: string;
  environment?: Record<string, string>;
  workers?: number;
}): Promise<PlatformProcess> {
  const data = await mkdtemp(path.join(tmpdir(), "flowgate-bench-"));
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [
      path.join(import.meta.dirname, "../local/start.mjs"),
      "--port",
      "0",
      "--flows",
      options.flows,
      "--workers",
      String(options.workers ?? 1),
    ],
    {
      env: childEnvironment({ FLOWGATE_DATA: data, ...options.environment }),
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let exited = false;
  void ended.then(() => (exited = true));
  for (;;) {
    const text = await readFile(path.join(data, "local.json"), "utf8").catch(() => "");
    if (text.endsWith("}\n")) {
      const readySeconds = (performance.now() - startedAt) / 1000;
      return {
        addresses: JSON.parse(text) as LocalAddresses,
        readySeconds,
        async close() {
          child.kill("SIGTERM");
          await ended;
          await rm(data, { recursive: true, force: true });
        },
      };
    }
    if (exited) throw new Error(`The platform ended before it was ready (exit code ${child.exitCode}).`);
    await sleep(5);
  }
}

/** CPU time of a process in milliseconds, user and system, from the kernel's count in hundredths of a second. */
export async function cpuMilliseconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const [, , , , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(user) + Number(system)) * 10;
}

/** The most resident memory a process had, in MB. */
export async function peakMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

/** Resident memory of a process in MB, from the kernel's own count. */
export async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}
