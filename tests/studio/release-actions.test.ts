import { describe, expect, test } from "vitest";
import { decideCommand } from "../../pipelines/release/decide-command.ts";
import type { PauseReason, ReleasePointer, ReleaseState } from "../../shared/model/release.ts";
import { RELEASE_VERBS, type FlowStatus, type ReleaseVerb } from "../../shared/model/status.ts";
import { releaseActions } from "../../studio/data/release-actions.ts";
import { CANARY } from "../pipelines/release/release-world.ts";

const AT = "2026-11-26T16:50:00.000Z";
const served = (version: string) => ({ version, suite: "s", run: version, since: AT });

interface Case {
  state: ReleaseState;
  canary?: boolean;
  paused?: PauseReason;
  stopped?: boolean;
  previous?: boolean;
}

function pointerOf({
  state,
  canary = false,
  paused,
  stopped = false,
  previous = true,
}: Case): ReleasePointer {
  const candidate = { version: "two", suite: "s", run: "two" };
  return {
    flow: "shop",
    generation: 7,
    state,
    stable: state === "soaking" ? served("two") : served("one"),
    previous: previous ? served(state === "soaking" ? "one" : "zero") : undefined,
    canary: canary
      ? { version: "two", weight: 0.1, seed: "x", rolloutId: "r", step: 1, since: AT }
      : undefined,
    rollout:
      state === "idle"
        ? undefined
        : {
            id: "r",
            candidate,
            baseline: "one",
            plan: CANARY,
            startedAt: AT,
            since: AT,
            paused,
            approvedStep: 0,
          },
    stopped: stopped ? { by: "ada", at: AT, reason: "an alarm" } : undefined,
    entry: {} as ReleasePointer["entry"],
  };
}

/** Whether the release machine would refuse it, everything it asks for being whole. */
function isRefused(pointer: ReleasePointer, verb: ReleaseVerb): boolean {
  const decision = decideCommand(
    pointer,
    {
      kind: "command",
      verb,
      actor: "ada",
      reason: "because",
      rolloutId: undefined,
      step: undefined,
      version: undefined,
      verifies: true,
      stableVerifies: true,
      forced: { version: "two", suite: "s", run: "two" },
      target: pointer.previous,
      beforeTarget: undefined,
      targetVerifies: true,
    },
    AT,
  );
  return decision.kind === "refuse";
}

function statusOf(release: ReleasePointer): FlowStatus {
  const change: FlowStatus["change"] = {
    flow: "shop",
    sequence: 2,
    fingerprint: "",
    at: AT,
    commit: undefined,
    outcome: { kind: "accepted", version: "two", suite: "s", rollout: CANARY, diagnostics: [] },
  };
  return { flow: "shop", release, change, run: undefined };
}

const CASES: [name: string, given: Case][] = [
  ["idle", { state: "idle" }],
  ["idle after the first release", { state: "idle", previous: false }],
  ["stopped", { state: "idle", stopped: true }],
  ["waiting for an approval", { state: "awaiting_approval" }],
  ["a canary", { state: "canary", canary: true }],
  ["a canary that waits for an approval", { state: "paused", canary: true, paused: "approval" }],
  ["a canary that a person paused", { state: "paused", canary: true, paused: "person" }],
  ["promoting", { state: "promoting", canary: true }],
  ["soaking", { state: "soaking" }],
  ["aborting", { state: "aborting", canary: true }],
  ["blocked", { state: "blocked" }],
];

describe("what the release page offers is what the release machine grants", () => {
  test.each(CASES)("%s", (_name, given) => {
    const pointer = pointerOf(given);
    const offered = releaseActions(statusOf(pointer)).map(({ verb }) => verb);
    expect(offered.filter((verb) => isRefused(pointer, verb))).toEqual([]);
    const kept = RELEASE_VERBS.filter((verb) => !offered.includes(verb) && !isRefused(pointer, verb));
    // During a rollout the way back is to abort it, which is offered under that name; a second stop changes nothing, and
    // so does to abort what is being aborted.
    const sameAs: Partial<Record<ReleaseVerb, boolean>> = {
      rollback: offered.includes("abort") || given.state === "aborting",
      stop: given.stopped === true,
      abort: given.state === "aborting",
      // An approval lets a paused canary go on, as to resume it does.
      approve: offered.includes("resume"),
    };
    expect(kept.filter((verb) => sameAs[verb] !== true)).toEqual([]);
  });
});

test("every action says in a sentence what it would do, with the versions it is about", () => {
  for (const [, given] of CASES) {
    for (const { consequence } of releaseActions(statusOf(pointerOf(given)))) {
      expect(consequence).toMatch(/^[A-Za-z].*\.$/);
      expect(consequence).not.toMatch(/undefined/);
    }
  }
});

test("whoever approves after the last step is told that everybody is next", () => {
  const pointer = pointerOf({ state: "paused", canary: true, paused: "approval" });
  const approve = (step: number): string | undefined =>
    releaseActions(statusOf({ ...pointer, canary: pointer.canary && { ...pointer.canary, step } })).find(
      ({ verb }) => verb === "approve",
    )?.consequence;
  expect(approve(1)).toBe("two goes on to its next step.");
  expect(approve(CANARY.steps.length)).toBe("two serves everybody.");
});

test("what is done to a candidate that nobody sees speaks of no sessions", () => {
  const shadow = { share: 0.1, minTurns: 50, noWorseThan: 0.05 };
  for (const given of [
    { state: "awaiting_approval" },
    { state: "canary", canary: true },
    { state: "paused", canary: true, paused: "person" },
  ] satisfies Case[]) {
    const { rollout, canary, ...rest } = pointerOf(given);
    const unseen = {
      ...rest,
      canary: canary && { ...canary, step: 0, weight: 0 },
      rollout: rollout && { ...rollout, plan: { ...CANARY, shadow } },
    };
    const [first] = releaseActions(statusOf(unseen));
    expect(first?.consequence).toMatch(/unseen|seen by nobody/);
    expect(first?.consequence).not.toContain("sessions");
  }
});
