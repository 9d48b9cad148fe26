import { app } from "@azure/functions";
import { services } from "./services.ts";

// Answers are streamed: without this the host would hold a response back until it is whole.
app.setup({ enableHttpStream: true });

app.hook.appTerminate(async () => {
  const { chat, telemetry } = services();
  chat.catalog.close();
  await Promise.all([telemetry.flush(2_000), chat.traffic?.close(), chat.sampler?.close()]);
});
