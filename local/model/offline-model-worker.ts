import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../shared/errors.ts";
import { createAnswerer } from "./answer/create-answerer.ts";
import { createModelServer } from "./protocol/create-model-server.ts";
import type { OfflineModelOptions, OfflineModelReport } from "./start-offline-model.ts";
import { createSentenceEncoder } from "./text/create-sentence-encoder.ts";

/** The worker's entry: composes encoder, answerer and server, and tells the parent the port. */
const options = workerData as OfflineModelOptions;
const encoder = createSentenceEncoder();
const server = createModelServer({
  answer: createAnswerer(encoder),
  encoder,
  latencyMs: options.latencyMs ?? 0,
});
const report = (message: OfflineModelReport): void => parentPort?.postMessage(message, []);

server.once("error", (error) => report({ kind: "failed", message: messageOf(error) }));
server.listen(options.port ?? 0, "127.0.0.1", () => {
  const address = server.address();
  if (address === null || typeof address === "string") return;
  report({ kind: "listening", port: address.port });
  encoder.warmUp();
});
