import { app } from "@azure/functions";
import { servesPart } from "../shared/settings.ts";
import { pipelineServices } from "./pipeline-services.ts";

if (servesPart("pipeline")) {
  app.timer("release-tick", {
    schedule: "*/10 * * * * *",
    handler: (_timer, context) =>
      pipelineServices().tickReleases((message) => {
        context.error(`release: ${message}`);
      }),
  });
}
