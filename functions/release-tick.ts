import { app } from "@azure/functions";
import { advanceAll } from "../pipelines/release/advance-all.ts";
import { services } from "./services.ts";

app.timer("release-tick", {
  schedule: "*/10 * * * * *",
  handler: (_timer, context) =>
    advanceAll(services().release, (message) => {
      context.error(`release: ${message}`);
    }),
});
