import { app } from "@azure/functions";
import packageFacts from "../package.json" with { type: "json" };
import { services } from "./services.ts";

// Alive as long as it can answer: lost storage is said, and is no reason to be restarted.
app.http("health", {
  methods: ["GET"],
  authLevel: "anonymous",
  route: "api/health",
  handler: () => {
    const { storage, since } = services().chat.catalog.health();
    const status = storage === "ok" ? "ok" : "degraded";
    return { jsonBody: { status, version: packageFacts.version, storage, since } };
  },
});
