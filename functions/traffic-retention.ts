import { app } from "@azure/functions";
import { deleteOldTraffic } from "../pipelines/monitor/delete-old-traffic.ts";
import { servesPart } from "../shared/settings.ts";
import { pipelineServices } from "./pipeline-services.ts";

if (servesPart("pipeline")) {
  app.timer("traffic-retention", {
    schedule: "0 17 * * * *",
    handler: (_timer, context) =>
      deleteOldTraffic(pipelineServices().monitor, (message) => {
        context.error(`retention: ${message}`);
      }),
  });
}
