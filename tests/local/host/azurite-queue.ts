import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

/** The queue service of a real Azurite in a process of its own, kept in memory. */
export async function startQueueService(): Promise<{ connectionString: string } & AsyncDisposable> {
  const main = createRequire(import.meta.url).resolve("azurite/dist/src/queue/main.js");
  const options = [
    "--queuePort",
    "0",
    "--inMemoryPersistence",
    "--skipApiVersionCheck",
    "--silent",
    "--disableTelemetry",
  ];
  const account = "fixture";
  const key = randomBytes(32).toString("base64");
  const child = spawn(process.execPath, [main, ...options], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, AZURITE_ACCOUNTS: `${account}:${key}` },
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /successfully listens on (\S+)/.exec(line)?.[1];
    if (!url) continue;
    return {
      connectionString: `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};QueueEndpoint=${url}/${account};`,
      async [Symbol.asyncDispose]() {
        const exit = once(child, "exit");
        child.kill();
        await exit;
      },
    };
  }
  throw new Error("Azurite ended before it listened.");
}
