import { app } from "@azure/functions";
import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { answerChat } from "../pipelines/chat/answer-chat.ts";
import { ChatError, chatErrorOf } from "../pipelines/chat/chat-error.ts";
import { messageOf } from "../shared/errors.ts";
import { authorise } from "./authorise.ts";
import { services } from "./services.ts";

/** A turn that takes longer than this is stopped: the platform would let it hang. */
const LONGEST_TURN_MS = 5 * 60_000;
const VERSION_HEADER = "x-flowgate-version";
const SESSION_HEADER = "x-flowgate-session";

async function chatCompletions(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  try {
    const { name } = await authorise(request, "chat");
    services().callerRate.admit(name);
    const body: unknown = await request.json().catch(() => {
      throw new ChatError(400, "invalid_request_error", "invalid_json", "The body is not JSON.");
    });
    const signal = AbortSignal.timeout(LONGEST_TURN_MS);
    const reply = await answerChat(body, signal, services().chat, request.headers.get(SESSION_HEADER));
    const headers = { [VERSION_HEADER]: reply.version, [SESSION_HEADER]: headerSafe(reply.session) };
    if (reply.kind === "json") return { jsonBody: reply.body, headers };
    return {
      body: ReadableStream.from(encode(reply.events)),
      headers: {
        ...headers,
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-cache",
      },
    };
  } catch (error) {
    const refusal = chatErrorOf(error);
    if (refusal.status >= 500) context.error(`chat: ${refusal.code}: ${messageOf(error)}`);
    const wait = refusal.retryAfterSeconds;
    const headers = wait === undefined ? {} : { "retry-after": String(wait) };
    return { status: refusal.status, jsonBody: refusal.body(), headers };
  }
}

/** A client may name its session in letters that no header carries. */
function headerSafe(session: string): string {
  return session.replace(/[^\x20-\x7e]/g, (letter) => encodeURIComponent(letter));
}

async function* encode(events: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const event of events) yield encoder.encode(event);
}

app.http("chat-completions", {
  methods: ["POST"],
  authLevel: "anonymous",
  route: "v1/chat/completions",
  handler: chatCompletions,
});
