import { beforeEach, describe, expect, test } from "vitest";
import { decide } from "../../../pipelines/decide/decide.ts";
import { evaluateShard } from "../../../pipelines/evaluate/evaluate-shard.ts";
import { ModelError } from "../../../shared/errors.ts";
import { LABELS_SHARD } from "../../../shared/model/judged-answer.ts";
import type { Report, RunPlan, Verdict } from "../../../shared/model/run.ts";
import { readSuite } from "../../../shared/registry/version-store.ts";
import { FLOW } from "../intake/intake-world.ts";
import { createEvaluateWorld, FIRST, LAST } from "./evaluate-world.ts";
import type { EvaluateWorld } from "./evaluate-world.ts";

const MANY = Array.from({ length: 400 }, (_, index) => `What is in aisle ${index}?`);
const JUDGE = 'judge: { agreement: ">= 0.6", labels: ">= 30" }';
const id = (question: string): Record<string, unknown> => ({ id: question.replace(/\D/g, "") });

/** Labels of the first rows: of every third answer the person says 2, of the others 4. */
function labels(count: number, more: object = {}): object[] {
  return Array.from({ length: count }, (_, index) => ({
    row: index,
    answer: index % 3 === 0 ? "A poor answer." : "A good answer.",
    scores: { coherence: index % 3 === 0 ? 2 : 4 },
    note: `note ${index}`,
    ...more,
  }));
}

let world: EvaluateWorld;
beforeEach(() => {
  world = createEvaluateWorld();
});

/** Runs a push to its end. The judge says 4 of everything, but what `says` says of labelled answers. */
async function run(
  edit: Parameters<EvaluateWorld["push"]>[1],
  questions = MANY,
): Promise<{ plan: RunPlan; report: Report; verdict: Verdict }> {
  const plan = await world.plan(await world.push(questions, { gate: ">= 3", fields: id, ...edit }));
  await world.evaluateAll();
  const report = await world.report(plan.id);
  if (!report) throw new Error("The run has no report.");
  const { definition } = await readSuite(world.store, FLOW, plan.suite);
  return { plan, report, verdict: decide(report, definition, "2026-11-22") };
}

function judgeSays(poor: number): void {
  const complete = world.chatModel.complete.bind(world.chatModel);
  world.chatModel.complete = async (request, call) => {
    const answer = await complete(request, call);
    const said = JSON.stringify(request.messages);
    return call.purpose === "judge" && said.includes("A poor answer.")
      ? { ...answer, text: JSON.stringify({ reason: "Hm.", score: poor }) }
      : answer;
  };
}

describe("labels", () => {
  test("are part of the suite, and the judge scores the labelled answers first, each once for all versions", async () => {
    judgeSays(2);
    const { plan, report } = await run({ labels: labels(30) }, MANY.slice(0, 40));
    expect(plan.shards[0]).toBe(LABELS_SHARD);
    const [calibration] = report.calibration ?? [];
    expect(calibration).toMatchObject({ metric: "coherence", labels: 30, missing: 0, disagreed: 0 });
    expect(calibration?.agreement?.value).toBe(1);
    expect(calibration?.bias?.value).toBe(0);
    expect(report.calls).toEqual({ made: 40 * 2 + 30, saved: 0 });
    const next = await run({ labels: labels(30), prompt: "at 18" }, MANY.slice(0, 40));
    expect(next.plan.suite).toBe(plan.suite);
    expect(next.report.calls).toEqual({ made: 40 * 2, saved: 30 });
    const other = await world.plan(await world.push(MANY.slice(0, 40), { fields: id, labels: labels(29) }));
    expect(other.suite).not.toBe(plan.suite);
  });

  test("are judged anew under another prompt by what looks at the prompt, and by nothing else", async () => {
    const edit = {
      evaluators: "[coherence, task_adherence]",
      labels: labels(10, { scores: { coherence: 4, task_adherence: 4 } }),
    };
    expect((await run(edit, MANY.slice(0, 20))).report.calls).toEqual({ made: 20 * 3 + 20, saved: 0 });
    const next = await run({ ...edit, prompt: "at 18" }, MANY.slice(0, 20));
    expect(next.report.calls).toEqual({ made: 20 * 3 + 10, saved: 10 });
  });

  test("of a turn have the judge asked about that turn, with what was said before it", async () => {
    const asked: string[] = [];
    const complete = world.chatModel.complete.bind(world.chatModel);
    world.chatModel.complete = async (request, call) => {
      if (call.purpose === "judge") asked.push(JSON.stringify(request.messages));
      return complete(request, call);
    };
    const before = [
      { role: "user", content: "Is there an aisle?" },
      { role: "assistant", content: "There are many." },
    ];
    const label = { row: "0", turn: 2, before, answer: "A labelled answer.", scores: { coherence: 4 } };
    const { report } = await run(
      {
        labels: [label, { ...label, turn: 3 }],
        fields: (question) => ({
          ...id(question),
          turns: [{ question: "Is there an aisle?" }, { question: "And what is in it?" }],
        }),
      },
      MANY.slice(0, 2),
    );
    const shown = asked.filter((messages) => messages.includes("A labelled answer."));
    expect(shown).toHaveLength(1);
    expect(shown[0]).toContain("And what is in it?");
    expect(shown[0]).toContain("assistant: There are many.");
    expect(shown[0]).not.toContain("What is in aisle");
    expect(report.calibration?.[0]).toMatchObject({ metric: "coherence", labels: 1, disagreed: 0 });
  });

  test("show a judge who is too kind: its bias, the mean as people would give it, and where they disagree", async () => {
    judgeSays(5);
    const { report } = await run({ labels: labels(30) }, MANY.slice(0, 40));
    const [calibration] = report.calibration ?? [];
    expect(calibration?.bias?.value).toBeCloseTo(1, 12);
    expect(calibration?.corrected?.value).toBeCloseTo(3, 12);
    expect(calibration?.corrected?.interval?.low).toBeGreaterThan(2.3);
    expect(calibration?.disagreed).toBe(10);
    expect(calibration?.disagreements[0]).toEqual({
      row: "0",
      question: MANY[0],
      answer: "A poor answer.",
      human: 2,
      judge: 5,
      reason: "Hm.",
      note: "note 0",
    });
  });

  test("of hard rows count for the agreement and not for the bias", async () => {
    judgeSays(5);
    const { report } = await run({ labels: labels(30, { chosen: "hard" }) }, MANY.slice(0, 40));
    const [calibration] = report.calibration ?? [];
    expect(calibration).toMatchObject({ labels: 30, disagreed: 10 });
    expect(calibration?.bias).toBeUndefined();
    expect(calibration?.corrected).toBeUndefined();
  });

  test("by the same person count once, the later one, and by two people their mean", async () => {
    judgeSays(2);
    const twice = (by: string, score: number): object => ({
      row: 1,
      answer: "A good answer.",
      by,
      scores: { coherence: score },
    });
    const given = [twice("ada", 1), twice("ada", 5), twice("ben", 2), ...labels(1)];
    const { report } = await run({ labels: given }, MANY.slice(0, 4));
    const [calibration] = report.calibration ?? [];
    expect(calibration?.labels).toBe(2);
    expect(calibration?.bias?.value).toBeCloseTo((4 - 3.5) / 2, 12);
  });

  test("wait for a judge that does not answer, and on the last attempt are missing", async () => {
    const questions = MANY.slice(0, 4);
    await world.plan(await world.push(questions, { fields: id, labels: labels(2), gateLines: [JUDGE] }));
    const [first, ...shards] = world.takeShards();
    if (!first) throw new Error("There is no shard.");
    world.script.judge = () => new ModelError("Busy.", { kind: "throttled" });
    await expect(evaluateShard(first, world, FIRST)).rejects.toThrow("2 labels are not judged yet");
    await evaluateShard(first, world, LAST);
    world.script.judge = () => '{"reason": "", "score": 4}';
    for (const shard of shards) await evaluateShard(shard, world, FIRST);
    const report = await world.report(first.run);
    expect(report?.calibration?.[0]).toMatchObject({ labels: 0, missing: 2 });
  });
});

describe("a gate that asks something of the judge", () => {
  test("is passed early, as ever, where the labels show it", async () => {
    judgeSays(2);
    const { report, verdict } = await run({ labels: labels(30), gateLines: [JUDGE], needsAllRows: false });
    expect(verdict.outcome).toBe("pass");
    expect(report.rowsUsed).toBeLessThan(200);
  });

  test("can be neither passed nor failed by a judge who disagrees, and no run stops early on its word", async () => {
    judgeSays(5);
    const { report, verdict } = await run({ labels: labels(30), gateLines: [JUDGE], needsAllRows: false });
    expect(report.rowsUsed).toBe(400);
    expect(report.stoppedEarly).toBeUndefined();
    expect(verdict.outcome).toBe("inconclusive");
    expect(verdict.reasons).toEqual([
      "coherence mean is 4. The judge of coherence can neither pass nor fail it yet: it agrees with people at a kappa of 0 on 30 labels, and 0.6 is needed. The report lists the disagreements: mend the judge's prompt, take another judge, or correct the labels.",
    ]);
    world = createEvaluateWorld();
    judgeSays(5);
    const failing = await run({ labels: labels(30), gateLines: [JUDGE], gate: ">= 5", needsAllRows: false });
    expect(failing.verdict.outcome).toBe("inconclusive");
    expect(failing.report.rowsUsed).toBe(400);
  });

  test.each([
    ["no labels", [], "no answer is labelled, and 30 must be. Label 30 more: flowgate label."],
    ["too few", labels(12), "12 answers are labelled, and 30 must be. Label 18 more: flowgate label."],
    [
      "labels of one side",
      labels(60).filter((_, index) => index % 3 > 0),
      "people and the judge put every labelled answer on one side",
    ],
  ])("says what to do where there are %s", async (_what, given, reason) => {
    const { verdict } = await run({ labels: given, gateLines: [JUDGE] }, MANY.slice(0, 60));
    expect(verdict.outcome).toBe("inconclusive");
    expect(verdict.reasons.join("\n")).toContain(reason);
  });

  test("leaves alone what no judge says: the run fails as soon as its latency is certain to", async () => {
    const { report, verdict } = await run({
      gateLines: [JUDGE, 'latency: { p95: "<= 50ms" }'],
      needsAllRows: false,
    });
    expect(verdict.outcome).toBe("fail");
    expect(report.rowsUsed).toBeLessThan(200);
    expect(verdict.requirements.map(({ metric, outcome }) => [metric, outcome])).toEqual([
      ["latency", "fail"],
      ["coherence", "inconclusive"],
    ]);
  });
});
