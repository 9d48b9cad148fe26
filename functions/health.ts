import { app } from "@azure/functions";
import type { HttpResponseInit } from "@azure/functions";
import packageFacts from "../package.json" with { type: "json" };
import type { Health, Liveness, Readiness } from "../shared/model/status.ts";
import { services } from "./services.ts";

const { version } = packageFacts;

// Alive as long as it can answer: lost storage is said, and is no reason to be restarted.
probe("health", "api/health", () => ({ jsonBody: health() }));
probe("health-live", "health/live", () => ({ jsonBody: { status: "ok", version } satisfies Liveness }));

/** Ready where chats can be answered: also from memory, while storage is gone; then `status` says so. */
probe("health-ready", "health/ready", async () => {
  // Their number and no names: probes do not sign in.
  const { length: flows } = await services().chat.catalog.flows();
  const facts: Readiness = { ...health(), flows };
  if (facts.storage === "ok" || flows > 0) return { jsonBody: facts };
  return { status: 503, jsonBody: { ...facts, status: "unavailable" } satisfies Readiness };
});

/** Why versions cannot be loaded is for the log, and for it once: probes do not sign in, and come every few seconds. */
const said = new Set<string>();

function health(): Health {
  const { storage, since, notReady } = services().chat.catalog.health();
  for (const why of notReady ?? []) {
    if (said.has(why)) continue;
    said.add(why);
    console.error(`health: a version cannot be made ready, the one before it goes on: ${why}`);
  }
  const status = storage === "ok" && notReady === undefined ? "ok" : "degraded";
  return { status, version, storage, since, notReady: notReady?.length };
}

function probe(
  name: string,
  route: string,
  handler: () => HttpResponseInit | Promise<HttpResponseInit>,
): void {
  // Load balancers, such as Azure Front Door, ask by HEAD.
  app.http(name, { methods: ["GET", "HEAD"], authLevel: "anonymous", route, handler });
}
