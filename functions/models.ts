import { app } from "@azure/functions";
import { listModels } from "../pipelines/chat/list-models.ts";
import { services } from "./services.ts";

app.http("models", {
  methods: ["GET"],
  authLevel: "anonymous",
  route: "v1/models",
  handler: async () => ({ jsonBody: await listModels(services().chat.catalog) }),
});
