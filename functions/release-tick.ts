import { app } from "@azure/functions";
import { servesPart } from "../shared/settings.ts";
import { services } from "./services.ts";

if (servesPart("pipeline")) {
  app.timer("release-tick", {
    schedule: "*/10 * * * * *",
    handler: (_timer, context) =>
      services().tickReleases((message) => {
        context.error(`release: ${message}`);
      }),
  });
}
