import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { QueueServiceClient } from "@azure/storage-queue";
import { onTestFinished } from "vitest";
import type { HostLogLine } from "../../../local/host/host-log.ts";
import { startHost } from "../../../local/host/start-host.ts";
import type { Host, HostOptions } from "../../../local/host/start-host.ts";

export const FIXTURE_APP = fileURLToPath(new URL("fixture-app", import.meta.url));
export const BROKEN_APP = fileURLToPath(new URL("broken-app", import.meta.url));

/** The fixture app with a function timeout of two seconds. */
export const HURRIED = {
  appFolder: fileURLToPath(new URL("hurried-app", import.meta.url)),
  entry: ["../fixture-app/functions/*.ts"],
};

export interface Fixture {
  host: Host;
  lines: HostLogLine[];
  /** The messages of the log that start with the word, in order. */
  said: (word: string) => string[];
  dataFolder: string;
  queueName: string;
}

let queues = 0;

/** A host with the fixture app and a queue of its own; both end with the test. */
export async function startFixture(storage: string, overrides: Partial<HostOptions> = {}): Promise<Fixture> {
  const dataFolder = overrides.dataFolder ?? (await temporaryFolder());
  const lines: HostLogLine[] = [];
  queues += 1;
  const queueName = `jobs-${process.pid}-${queues}`;
  const host = await startHost({
    port: 0,
    appFolder: FIXTURE_APP,
    entry: ["functions/*.ts"],
    workers: 1,
    storage,
    dataFolder,
    log: (line) => lines.push(line),
    ...overrides,
    environment: {
      FIXTURE_QUEUE: queueName,
      FIXTURE_SETTING: "given",
      FIXTURE_SCHEDULE: "0 0 0 1 1 *",
      ...overrides.environment,
    },
  });
  onTestFinished(() => host.close({ graceMs: 0 }));
  return {
    host,
    lines,
    said: (word) => lines.map((line) => line.message).filter((message) => message.startsWith(word)),
    dataFolder,
    queueName: overrides.environment?.["FIXTURE_QUEUE"] ?? queueName,
  };
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "flowgate-host-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function queueOf(storage: string, name: string) {
  return QueueServiceClient.fromConnectionString(storage).getQueueClient(name);
}

export function base64(value: unknown): string {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64");
}

/** Waits until the check gives something true and returns it; fails after `timeoutMs`. */
export async function until<T>(check: () => T | Promise<T>, timeoutMs = 60_000): Promise<T> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(15)) {
    const value = await check();
    if (value) return value;
  }
  throw new Error(`Not within ${timeoutMs} ms: ${String(check)}`);
}
