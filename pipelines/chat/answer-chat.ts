import { randomUUID } from "node:crypto";
import { answerTurn } from "../../shared/flow/answer-turn.ts";
import { streamTurn } from "../../shared/flow/stream-turn.ts";
import type { TurnDependencies } from "../../shared/flow/turn-dependencies.ts";
import { versionName } from "../../shared/model/version.ts";
import type { CallContext, ChatDelta, TokenUsage } from "../../shared/ports/chat-model.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import { ChatError, chatErrorOf } from "./chat-error.ts";
import { chatRequestSchema, textOf } from "./chat-request.ts";
import type { ChatRequestBody } from "./chat-request.ts";
import type { FlowCatalog, ServingVersion } from "./flow-catalog.ts";
import type { TrafficRecorder } from "./record-traffic.ts";
import { recordTurn } from "./record-turn.ts";
import { turnInputs } from "./turn-inputs.ts";

/** What the chat stage asks of the world. */
export interface ChatDependencies extends TurnDependencies {
  catalog: FlowCatalog;
  telemetry: Telemetry;
  /** Undefined: nobody counts. */
  traffic?: TrafficRecorder | undefined;
}

/**
 * An answer ready to be sent: `json` whole, or `stream` as server-sent events. `version` and `session` go into headers:
 * a client that sends its session again keeps its version during a rollout.
 */
export type ChatReply =
  | { kind: "json"; version: string; session: string; body: object }
  | { kind: "stream"; version: string; session: string; events: AsyncIterable<string> };

/**
 * Answers one chat completion with the version that serves the session now; `named` is the session as the client names it, else
 * the request's `user` stands for it, else it gets one. Throws `ChatError`; a failure after the
 * stream began becomes an error event in it, because its status is already sent.
 */
export async function answerChat(
  body: unknown,
  signal: AbortSignal,
  dependencies: ChatDependencies,
  named?: string | null,
): Promise<ChatReply> {
  const request = parseRequest(body);
  const session = named?.trim() || request.user?.trim() || randomUUID();
  const serving = await servingVersion(request.model, session, dependencies.catalog);
  const call: CallContext = { flow: serving.flow, version: serving.version, purpose: "chat", signal };
  const identity = {
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor(dependencies.clock.now().getTime() / 1000),
    model: serving.flow,
    system_fingerprint: versionName(serving.flow, serving.version),
  };
  const turn = recordTurn(serving, session, request.stream === true, dependencies);
  try {
    // A version that asks for more than its clients send fails them, as much as one that errs.
    const inputs = turnInputs(serving, request);
    if (request.stream !== true) {
      const answer = await turn.within(() => answerTurn(serving.loaded, inputs, dependencies, call));
      turn.end({ usage: answer.usage, cost: answer.cost });
      return {
        kind: "json",
        version: identity.system_fingerprint,
        session,
        body: completion(identity, answer),
      };
    }
    const deltas = streamTurn(serving.loaded, inputs, dependencies, call)[Symbol.asyncIterator]();
    // The first piece is waited for, so that a failure before it still gets a status of its own.
    const first = await turn.within(() => deltas.next());
    const includeUsage = request.stream_options?.include_usage === true;
    const events = sendEvents(identity, first, deltas, includeUsage, turn);
    return { kind: "stream", version: identity.system_fingerprint, session, events };
  } catch (error) {
    const refusal = chatErrorOf(error);
    turn.fail(refusal.code, error);
    throw refusal;
  }
}

interface Identity {
  id: string;
  created: number;
  model: string;
  system_fingerprint: string;
}

type Deltas = AsyncIterator<ChatDelta>;
type Turn = ReturnType<typeof recordTurn>;

async function* sendEvents(
  identity: Identity,
  first: Awaited<ReturnType<Deltas["next"]>>,
  deltas: Deltas,
  includeUsage: boolean,
  turn: Turn,
): AsyncGenerator<string> {
  const chunk = (choices: object[], usage?: object | null): string =>
    `data: ${JSON.stringify({ ...identity, object: "chat.completion.chunk", choices, ...(includeUsage && { usage: usage ?? null }) })}\n\n`;
  const choice = (delta: object, finishReason: string | null): object[] => [
    { index: 0, delta, logprobs: null, finish_reason: finishReason },
  ];
  let usage: TokenUsage | undefined;
  let finished = false;
  try {
    yield chunk(choice({ role: "assistant", content: "" }, null));
    for (let next = first; next.done !== true; next = await turn.within(() => deltas.next())) {
      const { text, pieces = [text], toolCalls, finishReason } = next.value;
      usage = next.value.usage ?? usage;
      if (text !== "" || toolCalls) turn.firstToken();
      if (text !== "") yield pieces.map((content) => chunk(choice({ content }, null))).join("");
      if (toolCalls) yield chunk(choice({ tool_calls: toolCalls }, null));
      if (finishReason !== undefined) yield chunk(choice({}, finishReason));
    }
    if (includeUsage) yield chunk([], usageBody(usage));
    yield "data: [DONE]\n\n";
    finished = true;
    turn.end({ usage, cost: undefined });
  } catch (error) {
    finished = true;
    const refusal = chatErrorOf(error);
    turn.fail(refusal.code, error);
    yield `data: ${JSON.stringify(refusal.body())}\n\n`;
  } finally {
    // The client left: the consumer stopped iterating, so the model's answer is stopped too.
    if (!finished) {
      turn.fail("client_closed_request", undefined);
      await deltas.return?.();
    }
  }
}

function completion(
  identity: Identity,
  { answer, toolCalls, finishReason, usage }: Awaited<ReturnType<typeof answerTurn>>,
): object {
  const calls = toolCalls === undefined ? {} : { tool_calls: toolCalls };
  return {
    ...identity,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: answer, refusal: null, ...calls },
        logprobs: null,
        finish_reason: finishReason,
      },
    ],
    usage: usageBody(usage),
  };
}

function usageBody(usage: TokenUsage | undefined): object | null {
  if (!usage) return null;
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}

function parseRequest(body: unknown): ChatRequestBody {
  const parsed = chatRequestSchema.safeParse(body);
  if (parsed.success) {
    checkLength(parsed.data);
    return parsed.data;
  }
  const issue = parsed.error.issues[0];
  const param = issue?.path.join(".") ?? "";
  throw new ChatError(
    400,
    "invalid_request_error",
    "invalid_request",
    `${param || "body"}: ${issue?.message ?? "is not a chat completion request"}`,
    param || null,
  );
}

/** More than any model reads; refused before anything is paid for it. */
const MOST_CHARACTERS = 2_000_000;

function checkLength({ messages }: ChatRequestBody): void {
  const characters = messages.reduce((sum, message) => sum + textOf(message).length, 0);
  if (characters <= MOST_CHARACTERS) return;
  throw new ChatError(
    413,
    "invalid_request_error",
    "request_too_large",
    `The messages have ${characters} characters; at most ${MOST_CHARACTERS} are read.`,
    "messages",
  );
}

async function servingVersion(model: string, session: string, catalog: FlowCatalog): Promise<ServingVersion> {
  const serving = await catalog.serving(model, session);
  if (serving) return serving;
  const known = await catalog.flows();
  const hint = known.length === 0 ? "No flow is in production yet." : `In production: ${known.join(", ")}.`;
  throw new ChatError(
    404,
    "invalid_request_error",
    "model_not_found",
    `There is no flow "${model}" in production. ${hint}`,
    "model",
  );
}
