import { setTimeout as sleep } from "node:timers/promises";
import { app } from "@azure/functions";
import type { EventGridEvent } from "@azure/functions";

let running = 0;

app.timer("tick", {
  schedule: "%FIXTURE_SCHEDULE%",
  handler: async (timer, context) => {
    running += 1;
    context.log(`tick ${JSON.stringify({ running, timer })}`);
    await sleep(1200);
    running -= 1;
  },
});
app.timer("at-start", {
  schedule: "0 0 0 1 1 *",
  runOnStartup: true,
  handler: (timer, context) => context.log(`at-start ${JSON.stringify({ timer, pid: process.pid })}`),
});
app.eventGrid("topic", {
  handler: (event: EventGridEvent, context) => {
    context.log(`event ${JSON.stringify({ event, triggerMetadata: context.triggerMetadata })}`);
    if (event.eventType === "Fixture.Bad") throw new Error("a bad event");
  },
});
