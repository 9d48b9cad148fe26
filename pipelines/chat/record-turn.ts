import { ModelError } from "../../shared/errors.ts";
import type { GuardrailFindings } from "../../shared/model/guardrails.ts";
import {
  FLOWGATE_ERROR,
  FLOWGATE_FLOW,
  FLOWGATE_VERSION,
  GUARDRAIL,
  GUARDRAIL_CATEGORY,
  GUARDRAIL_STAGE,
  OPERATION_NAME,
  USAGE_INPUT_TOKENS,
  USAGE_OUTPUT_TOKENS,
} from "../../shared/model/telemetry-names.ts";
import type { TokenUsage } from "../../shared/ports/chat-model.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Attributes, Telemetry } from "../../shared/ports/telemetry.ts";
import type { DefectClass } from "../../shared/model/traffic.ts";
import type { TrafficRecorder } from "../../shared/model/traffic-recorder.ts";
import type { ServingVersion } from "./flow-catalog.ts";

/** The outcome of a turn that a guardrail answered. */
const BLOCKED = "blocked";

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
  /** What guardrails find until the turn ends is told with it. */
  guardedBy(findings: GuardrailFindings | undefined): void;
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
  let findings: GuardrailFindings | undefined;
  const tellFindings = (): void => {
    for (const { guardrail, stage, failure } of findings?.unchecked ?? []) {
      const why =
        failure === undefined ? "not_connected" : failure instanceof ModelError ? failure.kind : "failed";
      telemetry.record("flowgate.guardrail.unchecked", 1, {
        ...about,
        [GUARDRAIL]: guardrail,
        [GUARDRAIL_STAGE]: stage,
        [FLOWGATE_ERROR]: why,
      });
    }
    if (!findings?.blocked) return;
    const { guardrail, stage, category } = findings.blocked;
    const which = { [GUARDRAIL]: guardrail, [GUARDRAIL_STAGE]: stage, [GUARDRAIL_CATEGORY]: category };
    span.set(which);
    telemetry.event("flowgate.guardrail.blocked", { ...about, ...which });
  };
  const close = (outcome: string): void => {
    closed = true;
    tellFindings();
    const took = clock.elapsed() - started;
    telemetry.record("flowgate.turn.duration", took, { ...about, "flowgate.outcome": outcome });
    span.end();
    const defects: DefectClass[] = [];
    const answered = outcome === "answered";
    if (!answered && outcome !== BLOCKED && !NO_DEFECT.has(outcome)) defects.push("error");
    if (findings?.blocked) defects.push("guardrail");
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
    guardedBy(found) {
      findings = found;
    },
    end({ usage, cost }) {
      if (closed) return;
      const outcome = findings?.blocked ? BLOCKED : "answered";
      span.set({ ...tokensOf(usage), "flowgate.cost": cost, "flowgate.outcome": outcome });
      close(outcome);
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
