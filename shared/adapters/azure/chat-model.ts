import type OpenAI from "openai";
import { ModelError } from "../../errors.ts";
import type {
  CallContext,
  ChatAnswer,
  ChatDelta,
  ChatModel,
  ChatRequest,
  TokenUsage,
} from "../../ports/chat-model.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Settings } from "../../settings.ts";
import { createCallLimiter } from "../call-limiter.ts";
import { INPUT_MESSAGES, OPERATION_CHAT, OUTPUT_MESSAGES } from "../../model/telemetry-names.ts";
import { retryModelCall } from "../retry-model-call.ts";
import { startModelCall, type ModelCallSpan } from "./model-call-span.ts";
import { createModelClient } from "./model-client.ts";
import { modelErrorOf } from "./model-error-of.ts";

type Completion = OpenAI.Chat.ChatCompletion;
type Chunk = OpenAI.Chat.ChatCompletionChunk;

/**
 * Chat completions of OpenAI, Azure OpenAI or a server that speaks their protocol. At most
 * `settings.model.concurrency` calls are under way per deployment; throttled and failed ones are repeated inside.
 * Every call is a span and three histograms; `settings.captureContent` adds what was asked and answered.
 */
export function createChatModel(
  settings: Pick<Settings, "model" | "captureContent">,
  telemetry: Telemetry,
  clock: Clock,
): ChatModel {
  const client = createModelClient(settings.model.connection);
  const limiter = createCallLimiter(settings.model.concurrency, clock);
  const completions = client.openai.chat.completions;

  /**
   * One call with its retries and its span. The span opens with the first try: it holds retries, not the wait for the
   * first place.
   */
  function begin(request: ChatRequest, context: CallContext) {
    const model = request.model ?? settings.model.chat;
    let span: ModelCallSpan | undefined;
    return {
      model,
      span: () => span,
      async run<T>(call: () => Promise<T>) {
        const attempt = async (attempt: number): Promise<T> => {
          span ??= open(request, model, context);
          span.attempted(attempt);
          try {
            return await call();
          } catch (error) {
            throw modelErrorOf(error, context.signal);
          }
        };
        try {
          return await retryModelCall(attempt, { limiter, deployment: model, context, clock });
        } catch (error) {
          throw modelErrorOf(error, context.signal);
        }
      },
    };
  }

  function open(request: ChatRequest, model: string, context: CallContext): ModelCallSpan {
    const span = startModelCall(telemetry, clock, client, OPERATION_CHAT, model, context);
    if (settings.captureContent) span.content({ [INPUT_MESSAGES]: JSON.stringify(request.messages) });
    return span;
  }

  function bodyOf(request: ChatRequest, model: string) {
    return { ...request.parameters, model, messages: request.messages };
  }

  return {
    async complete(request, context) {
      const { model, span, run } = begin(request, context);
      const body = { ...bodyOf(request, model), stream: false };
      try {
        const { result: answer, release } = await run(async () => {
          const startedAt = clock.elapsed();
          const completion = await completions.create(
            body as OpenAI.Chat.ChatCompletionCreateParamsNonStreaming,
            { signal: context.signal },
          );
          context.onUsage?.({ model: completion?.model ?? model, usage: usageOf(completion?.usage) });
          return answerOf(completion, clock.elapsed() - startedAt);
        });
        release();
        if (settings.captureContent) span()?.content({ [OUTPUT_MESSAGES]: answer.text });
        span()?.succeeded(answer);
        return answer;
      } catch (error) {
        const failure = modelErrorOf(error, context.signal);
        span()?.failed(failure);
        throw failure;
      }
    },

    async *stream(request, context) {
      const { model, span, run } = begin(request, context);
      const asked = { ...bodyOf(request, model), stream: true };
      const body = { ...asked, stream_options: { include_usage: true } };
      let opened: { result: { chunks: AsyncIterator<Chunk>; first: Chunk }; release: () => void } | undefined;
      let last: ChatDelta = { text: "", finishReason: undefined, model, usage: undefined };
      let ended = false;
      const text: string[] = [];
      try {
        // Until the first chunk is here nothing was shown to anybody, so the call may still be repeated.
        opened = await run(async () => {
          const stream = await completions.create(body as OpenAI.Chat.ChatCompletionCreateParamsStreaming, {
            signal: context.signal,
          });
          const chunks = stream[Symbol.asyncIterator]();
          const first = await chunks.next();
          if (first.done) throw cutError(context.signal);
          return { chunks, first: first.value };
        });
        const { chunks, first } = opened.result;
        let next: IteratorResult<Chunk, unknown> = { value: first };
        for (; !next.done; next = await chunks.next()) {
          const delta = deltaOf(next.value, last);
          last = { ...delta, text: "" };
          if (!delta.text) continue;
          if (text.length === 0) span()?.firstChunk();
          text.push(delta.text);
          yield { ...delta, finishReason: undefined, usage: undefined };
        }
        const { finishReason } = last;
        if (finishReason === undefined) throw cutError(context.signal);
        if (text.length === 0) refuseEmpty(finishReason);
        if (settings.captureContent) span()?.content({ [OUTPUT_MESSAGES]: text.join("") });
        ended = true;
        span()?.succeeded({ ...last, finishReason });
        yield last;
      } catch (error) {
        ended = true;
        const failure = modelErrorOf(error, context.signal);
        span()?.failed(failure);
        throw failure;
      } finally {
        if (!ended) {
          span()?.failed(new ModelError("The reader left.", { kind: "aborted" }));
          // Ends the request upstream, so that nobody pays for words that nobody reads.
          await opened?.result.chunks.return?.();
        }
        if (opened) context.onUsage?.({ model: last.model, usage: last.usage });
        opened?.release();
      }
    },
  };
}

function answerOf(completion: Completion, latencyMs: number): ChatAnswer {
  const choice = completion?.choices?.[0];
  const text = choice?.message?.content ?? "";
  const finishReason = choice?.finish_reason ?? "stop";
  if (text === "") refuseEmpty(choice ? finishReason : "no choice");
  const { model, usage } = completion;
  const toolCalls = choice?.message?.tool_calls;
  return { text, toolCalls, finishReason, model, usage: usageOf(usage), latencyMs };
}

/** The chunk's news on top of what was known: Azure's first chunk has no choice, usage comes after the last one. */
function deltaOf(chunk: Chunk, known: ChatDelta): ChatDelta {
  const choice = chunk.choices?.[0];
  return {
    text: choice?.delta?.content ?? "",
    finishReason: choice?.finish_reason ?? known.finishReason,
    model: chunk.model || known.model,
    usage: usageOf(chunk.usage) ?? known.usage,
  };
}

function usageOf(usage: OpenAI.CompletionUsage | null | undefined): TokenUsage | undefined {
  return usage ? { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } : undefined;
}

/** An answer without text is an error, unless it calls a tool. */
function refuseEmpty(finishReason: string): void {
  if (finishReason === "tool_calls") return;
  if (finishReason === "content_filter") {
    throw new ModelError("The service's content filter withheld the answer.", { kind: "content_filter" });
  }
  throw new ModelError(`The model answered nothing (finish reason: ${finishReason}).`, { kind: "empty" });
}

function cutError(signal: AbortSignal | undefined): ModelError {
  return signal?.aborted
    ? new ModelError("The caller left before the model had answered.", { kind: "aborted" })
    : new ModelError("The model's answer broke off before its end.", { kind: "unavailable" });
}
