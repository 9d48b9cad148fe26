import { app } from "@azure/functions";
import { watchQueues } from "../pipelines/monitor/watch-queues.ts";
import { servesPart } from "../shared/settings.ts";
import { pipelineServices } from "./pipeline-services.ts";

if (servesPart("pipeline")) {
  app.timer("queue-watch", {
    schedule: "30 * * * * *",
    handler: (_timer, context) =>
      watchQueues(pipelineServices().watch, (message) => {
        context.error(`queues: ${message}`);
      }),
  });
}
