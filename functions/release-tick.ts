import { app } from "@azure/functions";
import { services } from "./services.ts";

app.timer("release-tick", {
  schedule: "*/10 * * * * *",
  handler: (_timer, context) =>
    services().tickReleases((message) => {
      context.error(`release: ${message}`);
    }),
});
