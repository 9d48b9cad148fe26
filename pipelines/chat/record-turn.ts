import { ModelError } from "../../shared/errors.ts";
import type { GuardrailFindings } from "../../shared/model/guardrails.ts";
import {
  FIRST_TOKEN_MS,
  FLOWGATE_ARM,
  FLOWGATE_COST,
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
import { ANSWERED, BLOCKED, defectsOf } from "../../shared/model/turn-outcome.ts";
import type { TrafficRecorder } from "../../shared/model/traffic-recorder.ts";
import type { ServingVersion } from "./flow-catalog.ts";

/** What a turn cost: its tokens and US dollars, each undefined where it is not known. */
export interface PaidTurn {
  usage: TokenUsage | undefined;
  cost: number | undefined;
}

/**
 * The telemetry of one turn: a span over all of it, its duration, tokens and time to first token by version; and its
 * count in the traffic of the flow, with what was wrong.
 */
export function recordTurn(
  serving: ServingVersion,
  session: { hash: string },
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
  end(paid: PaidTurn): void;
  /** `paid`: what was paid for nevertheless. */
  fail(code: string, error: unknown, paid: PaidTurn | undefined): void;
} {
  const { flow, version, share } = serving;
  const started = clock.elapsed();
  const about = {
    [FLOWGATE_FLOW]: flow,
    [FLOWGATE_VERSION]: version,
    [FLOWGATE_ARM]: share?.arm,
    "flowgate.streamed": streamed,
  };
  const span = telemetry.startSpan(`invoke_workflow ${flow}`, "internal", {
    [OPERATION_NAME]: "invoke_workflow",
    ...about,
  });
  let firstTokenMs: number | undefined;
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
  const close = (outcome: string, paid: PaidTurn | undefined): void => {
    closed = true;
    tellFindings();
    const took = clock.elapsed() - started;
    telemetry.record("flowgate.turn.duration", took, { ...about, "flowgate.outcome": outcome });
    span.end();
    const defects = defectsOf(outcome, took, share?.latencyObjectiveMs);
    if (findings?.blocked) defects.push("guardrail");
    const guardrail = findings?.blocked?.guardrail;
    const { usage, cost } = paid ?? {};
    const measured = { outcome, durationMs: took, firstTokenMs, usage, cost, guardrail };
    traffic?.record({ serving, session, defects, measured });
  };
  return {
    within: (work) => telemetry.inSpan(span, work),
    firstToken() {
      if (firstTokenMs !== undefined) return;
      firstTokenMs = clock.elapsed() - started;
      span.set({ [FIRST_TOKEN_MS]: firstTokenMs });
      telemetry.record("flowgate.turn.time_to_first_token", firstTokenMs, about);
    },
    guardedBy(found) {
      findings = found;
    },
    end(paid) {
      if (closed) return;
      const outcome = findings?.blocked ? BLOCKED : ANSWERED;
      span.set({ ...paidAttributes(paid), "flowgate.outcome": outcome });
      close(outcome, paid);
    },
    fail(code, error, paid) {
      if (closed) return;
      span.set({ ...paidAttributes(paid), "flowgate.outcome": code });
      span.fail(error instanceof ModelError ? error.kind : code, code);
      close(code, paid);
    },
  };
}

function paidAttributes(paid: PaidTurn | undefined): Attributes {
  return {
    [USAGE_INPUT_TOKENS]: paid?.usage?.inputTokens,
    [USAGE_OUTPUT_TOKENS]: paid?.usage?.outputTokens,
    [FLOWGATE_COST]: paid?.cost,
  };
}
