import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Azurite extends AsyncDisposable {
  connectionString: string;
  blobPort: number;
  queuePort: number;
}

const ACCOUNT = "devstoreaccount1";
const KEY = Buffer.from("a key that only this test's emulator knows").toString("base64");

/** The real emulator in a process of its own, on free ports and a temporary folder. */
export async function startAzurite(): Promise<Azurite> {
  const folder = await mkdtemp(join(tmpdir(), "flowgate-azurite-"));
  const ports = ["--blobPort", "0", "--queuePort", "0", "--tablePort", "0"];
  const child = fork(
    fileURLToPath(import.meta.resolve("azurite/dist/src/azurite.js")),
    ["--silent", "--location", folder, "--disableTelemetry", "--skipApiVersionCheck", ...ports],
    { silent: true, env: { ...process.env, AZURITE_ACCOUNTS: `${ACCOUNT}:${KEY}` } },
  );
  const [blobPort = 0, queuePort = 0] = await new Promise<number[]>((resolve, reject) => {
    let said = "";
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const listening = [...said.matchAll(/service is successfully listening at \S+:(\d+)\n/g)];
      if (listening.length === 3) resolve(listening.map(([, port]) => Number(port)));
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", () => reject(new Error(`Azurite did not start: ${said}`)));
  });
  return {
    connectionString: connectionString(blobPort, queuePort),
    blobPort,
    queuePort,
    async [Symbol.asyncDispose]() {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** The emulator's connection string, with other ports where a proxy stands in between. */
export function connectionString(blobPort: number, queuePort: number): string {
  return [
    "DefaultEndpointsProtocol=http",
    `AccountName=${ACCOUNT}`,
    `AccountKey=${KEY}`,
    `BlobEndpoint=http://127.0.0.1:${blobPort}/${ACCOUNT}`,
    `QueueEndpoint=http://127.0.0.1:${queuePort}/${ACCOUNT}`,
  ].join(";");
}
