import { ModelError } from "../../shared/errors.ts";
import {
  FLOWGATE_FLOW,
  FLOWGATE_VERSION,
  OPERATION_NAME,
  USAGE_INPUT_TOKENS,
  USAGE_OUTPUT_TOKENS,
} from "../../shared/model/telemetry-names.ts";
import type { TokenUsage } from "../../shared/ports/chat-model.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { ServingVersion } from "./flow-catalog.ts";

/** The telemetry of one turn: a span over all of it, and its duration, tokens and time to first token by version. */
export function recordTurn(
  { flow, version }: ServingVersion,
  streamed: boolean,
  { telemetry, clock }: { telemetry: Telemetry; clock: Clock },
): {
  /** Runs work as a part of the turn, so that its model calls are children of the turn's span. */
  within<T>(work: () => Promise<T>): Promise<T>;
  firstToken(): void;
  end(result: { usage: TokenUsage | undefined; cost: number | undefined }): void;
  fail(code: string, error: unknown): void;
} {
  const started = clock.elapsed();
  const about = { [FLOWGATE_FLOW]: flow, [FLOWGATE_VERSION]: version, "flowgate.streamed": streamed };
  const span = telemetry.startSpan(`invoke_workflow ${flow}`, "internal", {
    [OPERATION_NAME]: "invoke_workflow",
    ...about,
  });
  let sawToken = false;
  let closed = false;
  const close = (outcome: string): void => {
    closed = true;
    telemetry.record("flowgate.turn.duration", clock.elapsed() - started, {
      ...about,
      "flowgate.outcome": outcome,
    });
    span.end();
  };
  return {
    within: (work) => telemetry.inSpan(span, work),
    firstToken() {
      if (sawToken) return;
      sawToken = true;
      telemetry.record("flowgate.turn.time_to_first_token", clock.elapsed() - started, about);
    },
    end({ usage, cost }) {
      if (closed) return;
      span.set({
        [USAGE_INPUT_TOKENS]: usage?.inputTokens,
        [USAGE_OUTPUT_TOKENS]: usage?.outputTokens,
        "flowgate.cost": cost,
        "flowgate.outcome": "answered",
      });
      close("answered");
    },
    fail(code, error) {
      if (closed) return;
      span.set({ "flowgate.outcome": code });
      span.fail(error instanceof ModelError ? error.kind : code, code);
      close(code);
    },
  };
}
