import { recordTurn } from "../../pipelines/chat/record-turn.ts";
import { takeFeedback } from "../../pipelines/chat/take-feedback.ts";
import { createTrafficRecorder } from "../../pipelines/chat/record-traffic.ts";
import { createTurnNames } from "../../pipelines/chat/turn-name.ts";
import { recordPoison } from "../../pipelines/decide/record-poison.ts";
import { recordRun } from "../../pipelines/decide/record-run.ts";
import { reportRefusal } from "../../pipelines/intake/report-refusal.ts";
import { reportOnlineScores } from "../../pipelines/monitor/report-online-scores.ts";
import { watchQueues } from "../../pipelines/monitor/watch-queues.ts";
import { recordRelease } from "../../pipelines/release/announce-release.ts";
import { createModelClient } from "../../shared/adapters/azure/model-client.ts";
import { startModelCall } from "../../shared/adapters/azure/model-call-span.ts";
import { ModelError } from "../../shared/errors.ts";
import type { GuardrailFindings } from "../../shared/model/guardrails.ts";
import type { LedgerKind, ReleasePointer } from "../../shared/model/release.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import { createMemoryBlobStore } from "../fakes/memory-blob-store.ts";
import { createMemoryQueue } from "../fakes/memory-queue.ts";
import { createStillClock } from "../fakes/still-clock.ts";
import { sampleReport, sampleVerdict } from "../pipelines/decide/report-samples.ts";

const FLOW = "shop";
const STABLE = "aaaaaaaaaaaa";
const CANARY = "bbbbbbbbbbbb";
const THROTTLED = new ModelError("slow down", { kind: "throttled", status: 429 });

/**
 * An hour of a flow's life, told by the code that tells it in production: turns of a canary and of stable that are
 * answered, blocked and failed, their model calls, a run, releases, scores, feedback, queues, a refusal, a poisoned
 * message.
 */
export async function emitScenario(telemetry: Telemetry): Promise<void> {
  for (const [arm, version] of [
    ["stable", STABLE],
    ["canary", CANARY],
  ] as const) {
    for (let turn = 0; turn < 24; turn += 1) {
      emitTurn(telemetry, arm, version, turn);
    }
  }
  emitModelCalls(telemetry);
  recordRun(sampleReport(), sampleVerdict(), { telemetry });
  recordRun(sampleReport(), sampleVerdict({ outcome: "error", run: "run3" }), { telemetry });
  for (const kind of ["canary_started", "rolled_back", "recertification_failed"] as const) {
    recordRelease(pointer(kind), { telemetry });
  }
  const turns = Array.from({ length: 40 }, (_, index) => ({
    turn: `t${index}`,
    version: CANARY,
    scores: { groundedness: { value: index % 4 === 0 ? 2 : 5, passed: index % 4 !== 0, reason: undefined } },
  }));
  reportOnlineScores({ flow: FLOW, suite: "s", at: "", turns, unpaid: [] }, { telemetry });
  await emitFeedback(telemetry);
  await watchQueues(
    { telemetry, queueWatch: { look: async () => ({ messages: 3, oldestSeconds: 700 }) } },
    () => {},
  );
  await emitProblems(telemetry);
}

/** Of each arm: one turn in six fails, one in twelve is blocked, one could not be checked. */
function emitTurn(telemetry: Telemetry, arm: "stable" | "canary", version: string, index: number): void {
  const clock = createStillClock();
  const share = { arm, rollout: "r", step: 1, weight: 0.05, latencyObjectiveMs: 500 };
  const serving = { flow: FLOW, version, loaded: {} as never, share };
  const turn = recordTurn(serving, { hash: `session-${index}` }, index % 2 === 0, { telemetry, clock });
  clock.advance(100 + index);
  if (index % 6 === 5) return turn.fail("model_unavailable", THROTTLED, undefined);
  turn.firstToken();
  if (index % 12 === 4) turn.guardedBy(BLOCKED);
  if (index === 0) turn.guardedBy(UNCHECKED);
  turn.end({ usage: { inputTokens: 200, outputTokens: 50 }, cost: 0.0005 });
}

const BLOCKED = {
  blocked: { guardrail: "blocked_terms", stage: "answer", category: "term" },
  unchecked: [],
} as unknown as GuardrailFindings;
const UNCHECKED = {
  blocked: undefined,
  unchecked: [{ guardrail: "prompt_attack", stage: "input", failure: THROTTLED }],
} as unknown as GuardrailFindings;

function emitModelCalls(telemetry: Telemetry): void {
  const client = createModelClient({ kind: "openai", baseUrl: "http://127.0.0.1:1/v1", apiKey: "any" });
  const open = (purpose: "chat" | "judge", model: string) =>
    startModelCall(telemetry, createStillClock(), client, "chat", model, {
      flow: FLOW,
      version: CANARY,
      purpose,
    });
  for (const [purpose, model] of [
    ["chat", "gpt-4o-mini"],
    ["judge", "gpt-4.1-mini"],
  ] as const) {
    const call = open(purpose, model);
    call.attempted(1);
    call.attemptFailed(THROTTLED);
    call.attempted(2);
    call.firstChunk();
    call.succeeded({ model, usage: { inputTokens: 1_000_000, outputTokens: 100_000 }, finishReason: "stop" });
  }
  for (const kind of ["content_filter", "quota"] as const) {
    const call = open("chat", "gpt-4o-mini");
    const error = new ModelError(kind, { kind, status: 400 });
    call.attemptFailed(error);
    call.failed(error);
  }
}

function pointer(kind: LedgerKind): ReleasePointer {
  return {
    flow: FLOW,
    state: "canary",
    stable: { version: STABLE },
    entry: {
      kind,
      version: CANARY,
      from: STABLE,
      suite: "s",
      run: "run2",
      rollout: "r",
      weight: 0.05,
      sequence: 7,
      actor: "system",
    },
  } as unknown as ReleasePointer;
}

async function emitFeedback(telemetry: Telemetry): Promise<void> {
  const store = createMemoryBlobStore();
  const clock = createStillClock();
  const turnNames = createTurnNames({ store });
  const traffic = createTrafficRecorder({ store, clock, instance: "i" });
  for (const [session, rating] of [
    ["ada", "up"],
    ["bob", "down"],
    ["eve", "down"],
  ] as const) {
    const share = { arm: "canary", rollout: "r", step: 1, weight: 0.05 } as const;
    const turn = await turnNames.name({ flow: FLOW, version: CANARY, share }, session, clock.now());
    await takeFeedback(
      { flow: FLOW, turn, session, rating },
      { store, queue: createMemoryQueue(), clock, telemetry, traffic, turnNames },
    );
  }
}

async function emitProblems(telemetry: Telemetry): Promise<void> {
  const store = createMemoryBlobStore();
  const common = { store, telemetry, clock: createStillClock(), queue: createMemoryQueue() };
  const events = { publish: async () => {} };
  await recordPoison("evaluation-shards", "id", { flow: FLOW }, { ...common, events });
  const diagnostics = [
    { severity: "error", file: "flow.yaml", line: 1, column: 1, message: "wrong", remedy: "mend it" },
  ] as const;
  await reportRefusal(
    { container: "flows", flow: FLOW },
    {
      flow: FLOW,
      sequence: 1,
      fingerprint: "0123456789abcdef",
      at: "",
      commit: undefined,
      outcome: { kind: "refused", diagnostics: [...diagnostics] },
    },
    { ...common, events } as unknown as Parameters<typeof reportRefusal>[2],
  );
}
