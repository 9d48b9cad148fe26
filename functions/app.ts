import { app } from "@azure/functions";
import { blobPackages, modelPackages, queuePackages } from "../shared/adapters/load-later.ts";
import { madeServices } from "./services.ts";

// Answers are streamed: without this the host would hold a response back until it is whole.
app.setup({ enableHttpStream: true });

/** By then the worker has told the host what there is. A request that comes sooner reads them itself. */
const IDLE_AFTER_MS = 100;
setTimeout(() => {
  blobPackages();
  modelPackages();
  queuePackages();
}, IDLE_AFTER_MS).unref();

/** Throws nothing, and makes nothing to close it: where a hook throws, Azure's worker stays until the host kills it. */
app.hook.appTerminate(async () => {
  const made = madeServices();
  if (!made) return;
  const { chat, telemetry } = made;
  chat.catalog.close();
  try {
    await Promise.all([telemetry.flush(2_000), chat.traffic?.close(), chat.sampler?.close()]);
  } catch (error) {
    console.error("What the app had left to write is lost:", error);
  }
});
