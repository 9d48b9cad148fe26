import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { SettingsError } from "../../shared/errors.ts";

/** What the embedded host reads of host.json, with Azure's defaults. Times are in milliseconds. */
export interface HostConfiguration {
  /** Undefined: unlimited. */
  functionTimeoutMs: number | undefined;
  routePrefix: string;
  queues: QueueSettings;
}

export interface QueueSettings {
  batchSize: number;
  newBatchThreshold: number;
  maxDequeueCount: number;
  visibilityTimeoutMs: number;
  maxPollingIntervalMs: number;
  messageEncoding: "base64" | "none";
}

const timeSpan = z
  .string()
  .regex(/^(\d+\.)?\d{1,2}:\d{2}:\d{2}$/, "expected hh:mm:ss")
  .transform((text) => {
    const [days, clock] = text.includes(".") ? (text.split(".") as [string, string]) : ["0", text];
    const [hours, minutes, seconds] = clock.split(":").map(Number) as [number, number, number];
    return (((Number(days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  });
const queues = z.object({
  batchSize: z.number().int().min(1).max(32).default(16),
  newBatchThreshold: z.number().int().min(0).optional(),
  maxDequeueCount: z.number().int().min(1).default(5),
  visibilityTimeout: timeSpan.default(0),
  maxPollingInterval: timeSpan.default(60_000),
  messageEncoding: z.enum(["base64", "none"]).default("base64"),
});
const hostFile = z.object({
  version: z.literal("2.0"),
  functionTimeout: z.union([z.literal("-1"), timeSpan]).default(30 * 60_000),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default("api") }).prefault({}),
      queues: queues.prefault({}),
    })
    .prefault({}),
});

/** Reads `host.json` of an app. Throws `SettingsError` that names the fields that do not fit. */
export async function readHostConfiguration(appFolder: string): Promise<HostConfiguration> {
  const path = join(appFolder, "host.json");
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new SettingsError(`${path} is missing or no JSON. An app's folder holds a host.json.`, { cause });
  }
  const parsed = hostFile.safeParse(content);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new SettingsError(`${path} does not fit: ${problems.join("; ")}.`);
  }
  const { functionTimeout, extensions } = parsed.data;
  const { visibilityTimeout, maxPollingInterval, ...queue } = extensions.queues;
  return {
    functionTimeoutMs: functionTimeout === "-1" ? undefined : functionTimeout,
    routePrefix: extensions.http.routePrefix.replaceAll(/^\/+|\/+$/g, ""),
    queues: {
      ...queue,
      newBatchThreshold: queue.newBatchThreshold ?? Math.floor(queue.batchSize / 2),
      visibilityTimeoutMs: visibilityTimeout,
      maxPollingIntervalMs: Math.max(100, maxPollingInterval),
    },
  };
}
