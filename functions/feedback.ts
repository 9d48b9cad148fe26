import { app } from "@azure/functions";
import { chatErrorOf } from "../pipelines/chat/chat-error.ts";
import { refusalLine } from "../pipelines/chat/refusal-line.ts";
import { takeFeedback } from "../pipelines/chat/take-feedback.ts";
import { servesPart } from "../shared/settings.ts";
import { authorise } from "./authorise.ts";
import { jsonBody } from "./json-body.ts";
import { services } from "./services.ts";

if (servesPart("chat")) {
  app.http("feedback", {
    methods: ["POST"],
    authLevel: "anonymous",
    route: "api/feedback",
    handler: async (request, context) => {
      try {
        const { name } = await authorise(request, "chat");
        services().callerRate.admit(name);
        const body = await jsonBody(request.text());
        return { jsonBody: await takeFeedback(body, services().feedback) };
      } catch (error) {
        const refusal = chatErrorOf(error);
        const line = refusalLine(refusal);
        if (line !== undefined) context.error(`feedback: ${line}`);
        const wait = refusal.retryAfterSeconds;
        const headers: Record<string, string> = wait === undefined ? {} : { "retry-after": String(wait) };
        return { status: refusal.status, headers, jsonBody: refusal.body() };
      }
    },
  });
}
