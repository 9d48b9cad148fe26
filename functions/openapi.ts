import { app } from "@azure/functions";

/** What the API is, for tools; nothing in it is secret. */
app.http("openapi", {
  methods: ["GET"],
  authLevel: "anonymous",
  route: "api/openapi.json",
  handler: async () => {
    // Read when somebody asks: it is long, and no other request needs it.
    const { default: document } = await import("../schemas/openapi.json", { with: { type: "json" } });
    return { jsonBody: document, headers: { "cache-control": "public, max-age=300" } };
  },
});
