import { app } from "@azure/functions";
import type { HttpResponseInit } from "@azure/functions";
import { answerChat } from "../pipelines/chat/answer-chat.ts";
import { ChatError, chatErrorOf } from "../pipelines/chat/chat-error.ts";
import type { ChatProtocol } from "../pipelines/chat/chat-protocol.ts";
import { messageOf } from "../shared/errors.ts";
import { servesPart } from "../shared/settings.ts";
import { authorise } from "./authorise.ts";
import { clientConnection } from "./client-connection.ts";
import { services } from "./services.ts";
import { streamBody } from "./stream-body.ts";

const VERSION_HEADER = "x-flowgate-version";
const SESSION_HEADER = "x-flowgate-session";

/** Registers a route on which the flows answer by a protocol. `{flow}` in it names the flow. */
export function chatFunction(name: string, route: string, protocol: ChatProtocol, streamed = false): void {
  if (!servesPart("chat")) return;
  app.http(name, {
    methods: ["POST"],
    authLevel: "anonymous",
    route,
    handler: async (request, context): Promise<HttpResponseInit> => {
      try {
        const caller = await authorise(request, "chat");
        services().callerRate.admit(caller.name);
        const connection = clientConnection(context.invocationId);
        const body: unknown = await request.json().catch(() => {
          throw new ChatError(400, "invalid_request_error", "invalid_json", "The body is not JSON.");
        });
        const path = { flow: request.params["flow"], streamed };
        const session = request.headers.get(SESSION_HEADER);
        const asked = { body, path, session, onLeave: connection.onLeave };
        const reply = await answerChat(protocol, asked, services().chat);
        const headers = { [VERSION_HEADER]: reply.version, [SESSION_HEADER]: headerSafe(reply.session) };
        if (reply.kind === "json") return { jsonBody: reply.body, headers };
        const streaming = { "content-type": protocol.contentType, "cache-control": "no-cache" };
        return { body: streamBody(reply.events, connection), headers: { ...headers, ...streaming } };
      } catch (error) {
        const refusal = chatErrorOf(error);
        if (refusal.status >= 500) context.error(`${name}: ${refusal.code}: ${messageOf(error)}`);
        const wait = refusal.retryAfterSeconds;
        const headers = wait === undefined ? {} : { "retry-after": String(wait) };
        return { status: refusal.status, jsonBody: protocol.refusal(refusal), headers };
      }
    },
  });
}

/** A client may name its session in letters that no header carries. */
function headerSafe(session: string): string {
  return session.replace(/[^\x20-\x7e]/g, (letter) => encodeURIComponent(letter));
}
