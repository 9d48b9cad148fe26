import { app } from "@azure/functions";
import { chatErrorOf } from "../pipelines/chat/chat-error.ts";
import { listModels } from "../pipelines/chat/list-models.ts";
import { authorise } from "./authorise.ts";
import { services } from "./services.ts";

app.http("models", {
  methods: ["GET"],
  authLevel: "anonymous",
  route: "v1/models",
  handler: async (request) => {
    try {
      await authorise(request, "chat");
      return { jsonBody: await listModels(services().chat.catalog) };
    } catch (error) {
      const refusal = chatErrorOf(error);
      return { status: refusal.status, jsonBody: refusal.body() };
    }
  },
});
