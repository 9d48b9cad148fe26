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
import type { Attributes, Telemetry } from "../../shared/ports/telemetry.ts";
import type { DefectClass } from "../../shared/model/traffic.ts";
import type { ServingVersion } from "./flow-catalog.ts";
import type { TrafficRecorder } from "./record-traffic.ts";

/** What is no fault of the version nor of what it rests on: the client left, or asked for what nobody answers. */
const NO_DEFECT = new Set(["client_closed_request", "content_filter", "context_length_exceeded"]);

/**
 * The telemetry of one turn: a span over all of it, its duration, tokens and time to first token by version; and its
 * count in the traffic of the flow, with what was wrong.
 */
export function recordTurn(
  serving: ServingVersion,
  session: string,
  streamed: boolean,
  {
    telemetry,
    clock,
    traffic,
  }: { telemetry: Telemetry; clock: Clock; traffic?: TrafficRecorder | undefined },
): {
  /** Runs work as a part of the turn, so that its model calls are children of the turn's span. */
  within<T>(work: () => Promise<T>): Promise<T>;
  firstToken(): void;
  end(result: { usage: TokenUsage | undefined; cost: number | undefined }): void;
  /** `usage`: what was paid for nevertheless. */
  fail(code: string, error: unknown, usage: TokenUsage | undefined): void;
} {
  const { flow, version, share } = serving;
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
    const took = clock.elapsed() - started;
    telemetry.record("flowgate.turn.duration", took, { ...about, "flowgate.outcome": outcome });
    span.end();
    const defects: DefectClass[] = [];
    const answered = outcome === "answered";
    if (!answered && !NO_DEFECT.has(outcome)) defects.push("error");
    if (answered && took > (share?.latencyObjectiveMs ?? Infinity)) defects.push("latency");
    traffic?.record({ serving, session, defects });
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
      span.set({ ...tokensOf(usage), "flowgate.cost": cost, "flowgate.outcome": "answered" });
      close("answered");
    },
    fail(code, error, usage) {
      if (closed) return;
      span.set({ ...tokensOf(usage), "flowgate.outcome": code });
      span.fail(error instanceof ModelError ? error.kind : code, code);
      close(code);
    },
  };
}

function tokensOf(usage: TokenUsage | undefined): Attributes {
  return { [USAGE_INPUT_TOKENS]: usage?.inputTokens, [USAGE_OUTPUT_TOKENS]: usage?.outputTokens };
}
