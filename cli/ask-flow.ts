import { NotFoundError, PermanentError, RetryLaterError } from "../shared/errors.ts";
import type { TokenUsage } from "../shared/ports/chat-model.ts";
import { nothingAnswers } from "./management-api.ts";
import { readEventStream } from "./read-event-stream.ts";

export interface ConversationTurn {
  role: "user" | "assistant";
  content: string;
}

export interface FlowAnswer {
  answer: string;
  /** `flow@version`, as the platform named it. */
  version: string | undefined;
  usage: TokenUsage | undefined;
}

interface Endpoint {
  url: string;
  key: string | undefined;
}

/** What is read of an OpenAI-compatible chunk, error or list of models. */
interface ChatChunk {
  choices?: { delta?: { content?: string | null }; finish_reason?: string | null }[];
  usage?: { prompt_tokens: number; completion_tokens: number } | null;
  error?: { message?: string };
}

/**
 * Asks a flow in production over the OpenAI-compatible endpoint; `onText` gets the answer piece by piece. `inputs`
 * are the flow's other inputs, such as customerId. Throws what the platform says when it refuses, and
 * `RetryLaterError` where nothing answers or the answer breaks off.
 */
export async function askFlow(
  endpoint: Endpoint,
  request: { flow: string; messages: ConversationTurn[]; inputs: Record<string, string> },
  options: { onText: (text: string) => void; signal: AbortSignal },
): Promise<FlowAnswer> {
  const response = await send(endpoint, "/v1/chat/completions", options.signal, {
    model: request.flow,
    messages: request.messages,
    metadata: request.inputs,
    stream: true,
    stream_options: { include_usage: true },
  });
  const version = response.headers.get("x-flowgate-version") ?? undefined;
  let answer = "";
  let usage: TokenUsage | undefined;
  let finished = false;
  try {
    for await (const data of readEventStream(response.body ?? new ReadableStream())) {
      if (data === "[DONE]") break;
      const chunk = JSON.parse(data) as ChatChunk;
      if (chunk.error) throw new PermanentError(chunk.error.message ?? "The platform could not answer.");
      const [choice] = chunk.choices ?? [];
      const text = choice?.delta?.content ?? "";
      if (text !== "") options.onText(text);
      answer += text;
      finished ||= typeof choice?.finish_reason === "string";
      if (chunk.usage) {
        usage = { inputTokens: chunk.usage.prompt_tokens, outputTokens: chunk.usage.completion_tokens };
      }
    }
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof PermanentError) throw error;
    throw new RetryLaterError("The answer broke off. Ask again.", { cause: error });
  }
  if (!finished) throw new RetryLaterError("The answer broke off. Ask again.");
  return { answer, version, usage };
}

/** The names of the flows in production. */
export async function servedFlows(endpoint: Endpoint, signal: AbortSignal): Promise<string[]> {
  const response = await send(endpoint, "/v1/models", signal);
  const list = (await response.json()) as { data?: { id: string }[] };
  return (list.data ?? []).map(({ id }) => id);
}

async function send(
  { url, key }: Endpoint,
  path: string,
  signal: AbortSignal,
  body?: object,
): Promise<Response> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (key !== undefined) headers["authorization"] = `Bearer ${key}`;
  let response: Response;
  try {
    response = await fetch(
      url + path,
      body ? { method: "POST", headers, body: JSON.stringify(body), signal } : { headers, signal },
    );
  } catch (error) {
    signal.throwIfAborted();
    throw nothingAnswers(url, error);
  }
  if (response.ok) return response;
  const text = await response.text();
  const message = messageIn(text) ?? `${url} answers ${response.status} ${response.statusText}`.trim();
  if (response.status === 404) throw new NotFoundError(message);
  throw response.status >= 500 || response.status === 429
    ? new RetryLaterError(message)
    : new PermanentError(message);
}

function messageIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as ChatChunk).error?.message;
  } catch {
    return undefined;
  }
}
