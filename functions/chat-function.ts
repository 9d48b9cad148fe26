import { app } from "@azure/functions";
import { answerChat } from "../pipelines/chat/answer-chat.ts";
import { chatErrorOf } from "../pipelines/chat/chat-error.ts";
import type { ChatProtocol } from "../pipelines/chat/chat-protocol.ts";
import { refusalLine } from "../pipelines/chat/refusal-line.ts";
import { encodedSession } from "../pipelines/chat/session-name.ts";
import { servesPart } from "../shared/settings.ts";
import { authorise } from "./authorise.ts";
import { clientConnection } from "./client-connection.ts";
import { jsonBody } from "./json-body.ts";
import { pacedTexts } from "./paced-texts.ts";
import { services } from "./services.ts";
import { jsonResponse, textResponse } from "./text-response.ts";

const VERSION_HEADER = "x-flowgate-version";
const SESSION_HEADER = "x-flowgate-session";

/** Registers a route on which the flows answer by a protocol. `{flow}` in it names the flow. */
export function chatFunction(name: string, route: string, protocol: ChatProtocol, streamed = false): void {
  if (!servesPart("chat")) return;
  app.http(name, {
    methods: ["POST"],
    authLevel: "anonymous",
    route,
    handler: async (request, context) => {
      try {
        const caller = await authorise(request, "chat");
        services().callerRate.admit(caller.name);
        const connection = clientConnection(context.invocationId);
        const body = await jsonBody(connection.body() ?? request.text());
        const path = { flow: request.params["flow"], streamed };
        const session = request.headers.get(SESSION_HEADER);
        const asked = { body, path, session, onLeave: connection.onLeave };
        const reply = await answerChat(protocol, asked, services().chat);
        const headers = servedHeaders(reply);
        if (reply.kind === "json") return jsonResponse(200, headers, reply.body);
        const streaming = { "content-type": protocol.contentType, "cache-control": "no-cache" };
        return textResponse({ headers: { ...headers, ...streaming } }, pacedTexts(reply.events, connection));
      } catch (error) {
        const refusal = chatErrorOf(error);
        const line = refusalLine(refusal);
        if (line !== undefined) context.error(`${name}: ${line}`);
        const wait = refusal.retryAfterSeconds;
        // Who tries again in the session that they are told of keeps its version.
        const headers: Record<string, string> = refusal.served ? servedHeaders(refusal.served) : {};
        if (wait !== undefined) headers["retry-after"] = String(wait);
        return jsonResponse(refusal.status, headers, protocol.refusal(refusal));
      }
    },
  });
}

function servedHeaders({ version, session }: { version: string; session: string }): Record<string, string> {
  return { [VERSION_HEADER]: version, [SESSION_HEADER]: encodedSession(session) };
}
