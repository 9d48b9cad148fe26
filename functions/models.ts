import { app } from "@azure/functions";
import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { chatErrorOf } from "../pipelines/chat/chat-error.ts";
import { listModels, oneModel } from "../pipelines/chat/list-models.ts";
import { servesPart } from "../shared/settings.ts";
import { authorise } from "./authorise.ts";
import { services } from "./services.ts";

models("models", "v1/models", () => listModels(services().chat.catalog));
models("model", "v1/models/{model}", ({ params }) =>
  oneModel(params["model"] ?? "", services().chat.catalog),
);

function models(name: string, route: string, answer: (request: HttpRequest) => Promise<object>): void {
  if (!servesPart("chat")) return;
  app.http(name, {
    methods: ["GET"],
    authLevel: "anonymous",
    route,
    handler: async (request): Promise<HttpResponseInit> => {
      try {
        await authorise(request, "chat");
        return { jsonBody: await answer(request) };
      } catch (error) {
        const refusal = chatErrorOf(error);
        return { status: refusal.status, jsonBody: refusal.body() };
      }
    },
  });
}
