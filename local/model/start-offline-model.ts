import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** The running stand-in. `apiKey` is what clients insist on sending; the server looks at none. */
export interface OfflineModel {
  /** `http://127.0.0.1:<port>/v1` */
  baseUrl: string;
  apiKey: string;
  close(): Promise<void>;
}

/** What the worker is started with. */
export interface OfflineModelOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Milliseconds that every call takes at least: a fixed latency for benches and tests. */
  latencyMs?: number;
}

/** What the worker reports: once when it listens, or why it does not. */
export type OfflineModelReport = { kind: "listening"; port: number } | { kind: "failed"; message: string };

/**
 * Starts the offline stand-in for a language model: an OpenAI-compatible server in a worker thread of its own, so
 * that its arithmetic never holds up the caller's event loop. Resolves as soon as it listens (about 0.1 s); the
 * embedding weights load behind it, and calls that need them wait. Rejects where the port cannot be taken.
 */
export async function startOfflineModel(options: OfflineModelOptions = {}): Promise<OfflineModel> {
  const worker = new Worker(new URL("./offline-model-worker.ts", import.meta.url), { workerData: options });
  const [report] = (await once(worker, "message")) as [OfflineModelReport];
  if (report.kind === "failed") {
    await worker.terminate();
    throw new Error(`The offline model could not start: ${report.message}. Give it another port.`);
  }
  return {
    baseUrl: `http://127.0.0.1:${report.port}/v1`,
    apiKey: "offline",
    async close() {
      await worker.terminate();
    },
  };
}
