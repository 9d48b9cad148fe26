import { app } from "@azure/functions";
import { blobPackages, modelPackages, queuePackages } from "../shared/adapters/load-later.ts";
import { services } from "./services.ts";

// Answers are streamed: without this the host would hold a response back until it is whole.
app.setup({ enableHttpStream: true });

/** By then the worker has told the host what there is. A request that comes sooner reads them itself. */
const IDLE_AFTER_MS = 100;
setTimeout(() => {
  blobPackages();
  modelPackages();
  queuePackages();
}, IDLE_AFTER_MS).unref();

app.hook.appTerminate(async () => {
  const { chat, telemetry } = services();
  chat.catalog.close();
  await Promise.all([telemetry.flush(2_000), chat.traffic?.close(), chat.sampler?.close()]);
});
