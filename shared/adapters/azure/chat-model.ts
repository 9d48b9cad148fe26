import type OpenAI from "openai";
import { ModelError } from "../../errors.ts";
import type {
  CallContext,
  ChatAnswer,
  ChatDelta,
  ChatModel,
  ChatRequest,
  SpentCall,
  TokenUsage,
} from "../../ports/chat-model.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Settings } from "../../settings.ts";
import { createCallLimiter } from "../call-limiter.ts";
import { INPUT_MESSAGES, OPERATION_CHAT, OUTPUT_MESSAGES } from "../../model/telemetry-names.ts";
import { retryModelCall } from "../retry-model-call.ts";
import { createCompletionsEndpoint } from "./completions-endpoint.ts";
import { withFittingParameters } from "./fitting-parameters.ts";
import { readCompletionStream, type StreamNews } from "./completion-stream.ts";
import { readNews, usageOf } from "./read-news.ts";
import { startModelCall, type ModelCallSpan } from "./model-call-span.ts";
import { createModelClient } from "./model-client.ts";
import { modelErrorOf } from "./model-error-of.ts";

type Completion = OpenAI.Chat.ChatCompletion;

/**
 * Chat completions of OpenAI, Azure OpenAI or a server that speaks their protocol. At most
 * `settings.model.concurrency` calls are under way per deployment; throttled and failed ones are repeated inside.
 * Every call is a span and three histograms; `settings.captureContent` adds what was asked and answered.
 */
export function createChatModel(
  settings: Pick<Settings, "model" | "captureContent"> & Partial<Pick<Settings, "prices">>,
  telemetry: Telemetry,
  clock: Clock,
): ChatModel {
  const client = createModelClient(settings.model.connection);
  const limiter = createCallLimiter(settings.model.concurrency, clock);
  const post = withFittingParameters(createCompletionsEndpoint(client));

  /**
   * One call with its retries and its span. The span opens with the first try: it holds retries, not the wait for the
   * first place.
   */
  function begin(request: ChatRequest, context: CallContext) {
    const model = request.model ?? settings.model.chat;
    let span: ModelCallSpan | undefined;
    let isPaid = false;
    let isCutOff = false;
    return {
      model,
      span: () => span,
      paid(call: SpentCall): void {
        isPaid = true;
        context.onUsage?.(call);
      },
      async run<T>(call: () => Promise<T>) {
        const attempt = async (attempt: number): Promise<T> => {
          span ??= open(request, model, context);
          span.attempted(attempt);
          const isSent = context.signal?.aborted !== true;
          try {
            return await call();
          } catch (error) {
            const failure = modelErrorOf(error, context.signal);
            isCutOff = isSent && failure.kind === "aborted";
            span.attemptFailed(failure);
            throw failure;
          }
        };
        try {
          return await retryModelCall(attempt, { limiter, deployment: model, context, clock });
        } catch (error) {
          if (span && !isPaid) context.onUsage?.(isCutOff ? cutOffCall(request, model) : failedCall(model));
          throw modelErrorOf(error, context.signal);
        }
      },
    };
  }

  function open(request: ChatRequest, model: string, context: CallContext): ModelCallSpan {
    const span = startModelCall(telemetry, clock, client, OPERATION_CHAT, model, context, settings.prices);
    if (settings.captureContent) span.content({ [INPUT_MESSAGES]: JSON.stringify(request.messages) });
    return span;
  }

  function bodyOf(request: ChatRequest, model: string) {
    return { ...request.parameters, model, messages: request.messages };
  }

  return {
    async complete(request, context) {
      const { model, span, paid, run } = begin(request, context);
      const body = { ...bodyOf(request, model), stream: false };
      try {
        const { result: answer, release } = await run(async () => {
          const startedAt = clock.elapsed();
          const response = await post(model, body, context.signal);
          const completion = await completionOf(response.body);
          const usage = usageOf(completion?.usage);
          const { content, tool_calls: calls } = completion?.choices?.[0]?.message ?? {};
          const guess = (): TokenUsage =>
            guessUsage(body.messages, [content ?? "", ...(calls ? [JSON.stringify(calls)] : [])]);
          const told = usage ? { usage } : { usage: guess(), estimated: true as const };
          paid({ model: completion?.model ?? model, ...told });
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
      let opened:
        | { result: { news: AsyncGenerator<StreamNews[]>; first: StreamNews[] }; release: () => void }
        | undefined;
      let last: ChatDelta = { text: "", finishReason: undefined, model, usage: undefined };
      let ended = false;
      let calledTools = false;
      const text: string[] = [];
      const called: string[] = [];
      const spent = (): TokenUsage => last.usage ?? guessUsage(body.messages, [...text, ...called]);
      try {
        // Until the first chunk is here nothing was shown to anybody, so the call may still be repeated.
        opened = await run(async () => {
          const news = readCompletionStream(await post(model, body, context.signal));
          const first = await news.next();
          if (first.done) throw cutError(context.signal);
          return { news, first: first.value };
        });
        const { news, first } = opened.result;
        let next: IteratorResult<StreamNews[], unknown> = { value: first };
        for (; !next.done; next = await news.next()) {
          const { deltas, known } = readNews(next.value, last);
          last = known;
          for (const delta of deltas) {
            if (text.length === 0 && !calledTools) span()?.firstChunk();
            if (delta.text) text.push(delta.text);
            if (delta.toolCalls) {
              calledTools = true;
              called.push(JSON.stringify(delta.toolCalls));
            }
            yield delta;
          }
        }
        const { finishReason } = last;
        if (finishReason === undefined) throw cutError(context.signal);
        if (text.length === 0 && !calledTools) refuseEmpty(finishReason);
        if (settings.captureContent) span()?.content({ [OUTPUT_MESSAGES]: text.join("") });
        ended = true;
        span()?.succeeded({ ...last, finishReason });
        yield last;
      } catch (error) {
        ended = true;
        const failure = modelErrorOf(error, context.signal);
        span()?.failed(failure, opened && spent());
        throw failure;
      } finally {
        if (!ended) {
          span()?.failed(new ModelError("The reader left.", { kind: "aborted" }), opened && spent());
          // Ends the request upstream, so that nobody pays for words that nobody reads.
          await opened?.result.news.return(undefined);
        }
        if (opened) {
          const usage = last.usage ? { usage: last.usage } : { usage: spent(), estimated: true as const };
          context.onUsage?.({ model: last.model, ...usage });
        }
        opened?.release();
      }
    },
  };
}

async function completionOf(body: { text(): Promise<string> }): Promise<Completion> {
  const text = await body.text();
  try {
    return JSON.parse(text) as Completion;
  } catch (error) {
    throw new ModelError("The model's answer is no JSON.", { kind: "unavailable", cause: error });
  }
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

function failedCall(model: string): SpentCall {
  return { kind: "failed", model, usage: undefined };
}

/** The service has read what it was asked: whoever asks and leaves, again and again, spends all the same. */
function cutOffCall({ messages }: ChatRequest, model: string): SpentCall {
  return { model, usage: guessUsage(messages, []), estimated: true };
}

/** Four letters a token, as the services advise to count where they do not. */
const LETTERS_A_TOKEN = 4;

function guessUsage(messages: ChatRequest["messages"], text: readonly string[]): TokenUsage {
  const written = text.reduce((sum, piece) => sum + piece.length, 0);
  return {
    inputTokens: Math.ceil(JSON.stringify(messages).length / LETTERS_A_TOKEN),
    outputTokens: Math.ceil(written / LETTERS_A_TOKEN),
  };
}

/** An answer without text is an error, unless it calls a tool. */
function refuseEmpty(finishReason: string): void {
  if (finishReason === "tool_calls") return;
  if (finishReason === "content_filter") {
    throw new ModelError("The service's content filter withheld the answer.", { kind: "content_filter" });
  }
  const kind = finishReason === "length" ? "cut" : "empty";
  throw new ModelError(`The model answered nothing (finish reason: ${finishReason}).`, { kind });
}

function cutError(signal: AbortSignal | undefined): ModelError {
  return signal?.aborted
    ? new ModelError("The caller left before the model had answered.", { kind: "aborted" })
    : new ModelError("The model's answer broke off before its end.", { kind: "unavailable" });
}
