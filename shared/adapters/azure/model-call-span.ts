import { costOf, type PriceList } from "../../flow/prices.ts";
import type { ModelError } from "../../errors.ts";
import type { CallContext, TokenUsage } from "../../ports/chat-model.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Attributes, Telemetry } from "../../ports/telemetry.ts";
import * as names from "../../model/telemetry-names.ts";
import type { ModelClient } from "./model-client.ts";

/** One model call as telemetry sees it. Exactly one of `succeeded` and `failed` ends it. */
export interface ModelCallSpan {
  attempted(attempt: number): void;
  /** A try failed; another may follow. */
  attemptFailed(error: ModelError): void;
  /** The first text of a stream arrived. */
  firstChunk(): void;
  /** The text of prompts and answers; only where the settings allow it. */
  content(attributes: Attributes): void;
  succeeded(answer: { model: string; usage: TokenUsage | undefined; finishReason?: string }): void;
  /** `usage`: what was paid for nevertheless. */
  failed(error: ModelError, usage?: TokenUsage): void;
}

/** Opens the span `<operation> <model>`; its end records duration and tokens by the GenAI conventions. */
export function startModelCall(
  telemetry: Telemetry,
  clock: Clock,
  client: ModelClient,
  operation: string,
  model: string,
  context: CallContext,
  prices: PriceList = {},
): ModelCallSpan {
  const startedAt = clock.elapsed();
  const common: Attributes = {
    [names.OPERATION_NAME]: operation,
    [names.PROVIDER_NAME]: client.provider,
    [names.REQUEST_MODEL]: model,
    [names.SERVER_ADDRESS]: client.serverAddress,
    [names.FLOWGATE_FLOW]: context.flow,
    [names.FLOWGATE_VERSION]: context.version,
    [names.FLOWGATE_PURPOSE]: context.purpose,
  };
  const span = telemetry.startSpan(`${operation} ${model}`, "client", {
    ...common,
    [names.CONVERSATION_ID]: context.conversationId,
  });
  const seconds = () => (clock.elapsed() - startedAt) / 1000;

  return {
    attempted(attempt) {
      if (attempt > 1) span.set({ [names.FLOWGATE_ATTEMPTS]: attempt });
    },
    attemptFailed({ kind }) {
      telemetry.record(names.FAILED_ATTEMPT, 1, { ...common, [names.FLOWGATE_ERROR]: kind });
    },
    firstChunk() {
      telemetry.record(names.TIME_TO_FIRST_CHUNK, seconds(), common);
    },
    content(attributes) {
      span.set(attributes);
    },
    succeeded({ model: responseModel, usage, finishReason }) {
      const answered = { ...common, [names.RESPONSE_MODEL]: responseModel };
      const cost = usage && costOf(responseModel, usage, prices);
      span.set({
        [names.RESPONSE_MODEL]: responseModel,
        [names.USAGE_INPUT_TOKENS]: usage?.inputTokens,
        [names.USAGE_OUTPUT_TOKENS]: usage?.outputTokens,
        [names.RESPONSE_FINISH_REASONS]: finishReason && JSON.stringify([finishReason]),
        [names.FLOWGATE_COST]: cost,
      });
      span.end();
      telemetry.record(names.OPERATION_DURATION, seconds(), answered);
      if (usage) recordTokens(usage, answered);
      if (cost !== undefined) telemetry.record(names.MODEL_COST, cost, answered);
    },
    failed(error, usage) {
      // The service's own words may quote the prompt.
      span.fail(error.kind, error.status === undefined ? error.kind : `${error.kind} (HTTP ${error.status})`);
      span.end();
      telemetry.record(names.OPERATION_DURATION, seconds(), {
        ...common,
        [names.FLOWGATE_ERROR]: error.kind,
      });
      if (usage) recordTokens(usage, common);
    },
  };

  function recordTokens(usage: TokenUsage, about: Attributes): void {
    telemetry.record(names.TOKEN_USAGE, usage.inputTokens, { ...about, [names.TOKEN_TYPE]: "input" });
    if (operation === names.OPERATION_EMBEDDINGS) return;
    telemetry.record(names.TOKEN_USAGE, usage.outputTokens, { ...about, [names.TOKEN_TYPE]: "output" });
  }
}
