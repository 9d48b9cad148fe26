import { expect, test } from "vitest";
import type { ServingVersion } from "../../../pipelines/chat/flow-catalog.ts";
import type { TrafficRecorder } from "../../../shared/model/traffic-recorder.ts";
import { recordTurn } from "../../../pipelines/chat/record-turn.ts";
import { isFailure } from "../../../shared/model/turn-outcome.ts";
import { createMemoryTelemetry } from "../../fakes/memory-telemetry.ts";
import { createStillClock } from "../../fakes/still-clock.ts";

type Turn = ReturnType<typeof recordTurn>;

/** What is counted of a turn that took `ms` of a version whose objective is 500 ms. */
function counted(ms: number, end: (turn: Turn) => void): Parameters<TrafficRecorder["record"]>[0][] {
  const records: Parameters<TrafficRecorder["record"]>[0][] = [];
  const traffic: TrafficRecorder = {
    record: (turn) => void records.push(turn),
    flush: async () => {},
    close: async () => {},
  };
  const clock = createStillClock();
  const share = { arm: "canary", rollout: "r", step: 1, weight: 0.05, latencyObjectiveMs: 500 } as const;
  const loaded = {} as ServingVersion["loaded"];
  const serving: ServingVersion = { flow: "shop", version: "two", loaded, share };
  const turn = recordTurn(serving, { hash: "ada" }, false, {
    telemetry: createMemoryTelemetry(),
    clock,
    traffic,
  });
  clock.advance(ms);
  end(turn);
  return records;
}

test("an answer in time is a turn without a defect, counted once", () => {
  const records = counted(500, (turn) => {
    turn.end({ usage: undefined, cost: undefined });
    turn.end({ usage: undefined, cost: undefined });
  });
  expect(records).toMatchObject([{ session: { hash: "ada" }, serving: { version: "two" }, defects: [] }]);
});

test("an answer over the objective is a defect of latency", () => {
  const [record] = counted(501, (turn) => turn.end({ usage: undefined, cost: undefined }));
  expect(record?.defects).toEqual(["latency"]);
});

test.for([
  "internal_error",
  "model_unavailable",
  "rate_limit_exceeded",
  "missing_input",
  "context_length_exceeded",
])("%s is an error", (code) => {
  expect(counted(9, (turn) => turn.fail(code, undefined, undefined))[0]?.defects).toEqual(["error"]);
});

test("what a provider's filter refuses is no failure, but a guardrail's defect: of an arm that it refuses more often", () => {
  const [record] = counted(9_000, (turn) => turn.fail("content_filter", undefined, undefined));
  expect(record?.defects).toEqual(["guardrail"]);
  expect(isFailure("content_filter")).toBe(false);
});

test("a client that leaves before the answer is whole is a defect, and of latency too once it waited too long", () => {
  const leave = (turn: Turn): void => turn.fail("client_closed_request", undefined, undefined);
  expect(counted(500, leave)[0]?.defects).toEqual(["abandoned"]);
  expect(counted(501, leave)[0]?.defects).toEqual(["abandoned", "latency"]);
});
