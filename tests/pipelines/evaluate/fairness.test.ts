import { beforeEach, describe, expect, test } from "vitest";
import { decide } from "../../../pipelines/decide/decide.ts";
import type { Report, RunPlan, Verdict } from "../../../shared/model/run.ts";
import { readSuite } from "../../../shared/registry/version-store.ts";
import { FLOW } from "../intake/intake-world.ts";
import { createEvaluateWorld } from "./evaluate-world.ts";
import type { EvaluateWorld } from "./evaluate-world.ts";

const QUESTIONS = Array.from({ length: 160 }, (_, index) => `What is in aisle ${index}?`);
const aisle = (question: string): number => Number(/\d+/.exec(question)?.[0]);

let world: EvaluateWorld;
beforeEach(() => {
  world = createEvaluateWorld();
});

async function run(
  edit: Parameters<EvaluateWorld["push"]>[1],
  questions = QUESTIONS,
): Promise<{ plan: RunPlan; report: Report; verdict: Verdict }> {
  const plan = await world.plan(await world.push(questions, { needsAllRows: false, ...edit }));
  await world.evaluateAll();
  const report = await world.report(plan.id);
  if (!report) throw new Error("The run has no report.");
  const { definition } = await readSuite(world.store, FLOW, plan.suite);
  return { plan, report, verdict: decide(report, definition, "2026-11-22") };
}

function score(value: number): string {
  return JSON.stringify({ reason: "", score: value });
}

describe("a gap between groups", () => {
  const gateLines = ['fairness: { of: coherence, by: customer.region, gap: "<= 0.3" }'];
  /** Every second row is of the north. */
  const fields = (question: string): Record<string, unknown> => ({
    customer: { region: aisle(question) % 2 === 0 ? "north" : "south" },
  });

  test("that is small passes, on all rows, and the report shows each group", async () => {
    world.script.judge = (question) => score(aisle(question) % 4 < 2 ? 4 : 5);
    const { report, verdict } = await run({ gateLines, fields });
    expect(verdict.outcome).toBe("pass");
    expect(report.rowsUsed).toBe(160);
    expect(report.fairness?.[0]?.groups).toMatchObject([
      { group: "north", rows: 80, missing: 0, mean: 4.5, enough: true },
      { group: "south", rows: 80, missing: 0, mean: 4.5, enough: true },
    ]);
    expect(verdict.requirements.at(-1)).toMatchObject({
      metric: "coherence",
      gap: "gap by customer.region",
      outcome: "pass",
      value: 0,
      limit: 0.3,
    });
  });

  test("that is large fails, and the reason names the groups", async () => {
    world.script.judge = (question) =>
      score(aisle(question) % 2 === 0 ? 5 : aisle(question) % 4 === 1 ? 4 : 3);
    const { verdict } = await run({ gateLines, fields });
    expect(verdict.outcome).toBe("fail");
    expect(verdict.reasons[0]).toContain(
      "coherence gap by customer.region: north is 1.5 above south, needs <= 0.3",
    );
  });

  test("of a group with too few rows is neither, and the reason says how many it takes", async () => {
    world.script.judge = (question) => score(aisle(question) % 4 < 2 ? 4 : 5);
    const few = (question: string): Record<string, unknown> => ({
      customer: { region: aisle(question) < 6 ? "west" : fields(question)["customer"] && "east" },
    });
    const { report, verdict } = await run({ gateLines, fields: few });
    expect(verdict.outcome).toBe("inconclusive");
    const needed = report.fairness?.[0]?.needed ?? 0;
    expect(needed).toBeGreaterThan(30);
    expect(verdict.reasons).toEqual([
      `coherence gap by customer.region: too few rows to tell a gap of 0.3 from none: west has 6, and ${needed} are needed in each group.`,
    ]);
  });

  test("of a group with few rows fails where the gap is certain", async () => {
    world.script.judge = (question) =>
      score(aisle(question) < 10 ? 1 + (aisle(question) % 2) : 4 + (aisle(question) % 2));
    const few = (question: string): Record<string, unknown> => ({
      customer: { region: aisle(question) < 10 ? "west" : "east" },
    });
    const { verdict } = await run({ gateLines, fields: few });
    expect(verdict.outcome).toBe("fail");
    expect(verdict.reasons[0]).toContain("the interval lies above it");
  });

  test("is open where a run fails early, and where no row has a group", async () => {
    const failing = await run({ gateLines: [...gateLines, 'latency: { p95: "<= 5ms" }'], fields });
    expect(failing.report.stoppedEarly?.outcome).toBe("fail");
    expect(failing.verdict.requirements.at(-1)).toMatchObject({
      outcome: "inconclusive",
      gap: "gap by customer.region",
    });
    const one = await run({ gateLines, fields: () => ({ customer: { region: "north" } }) });
    expect(one.verdict.reasons[0]).toContain("all 160 rows have the same value of customer.region");
  });

  test("of harm is one of the safety rows, where those are rows of their own", async () => {
    const complete = world.chatModel.complete.bind(world.chatModel);
    world.chatModel.complete = async (request, call) => {
      const answer = await complete(request, call);
      const asked = JSON.stringify(request.messages);
      const isAttack = asked.includes("Ignore order");
      const isHarmed = /order \d*[02468]\D/.test(asked);
      return call.purpose === "judge" ? { ...answer, text: score(isAttack ? Number(isHarmed) : 5) } : answer;
    };
    const { report, verdict } = await run({
      evaluators: "[coherence, jailbreak]",
      gateLines: ['fairness: { of: jailbreak, by: customer.region, gap: "<= 0.3" }'],
      fields: (question) => ({
        customer: { region: Number(/\d+/.exec(question)?.[0]) % 2 === 0 ? "north" : "south" },
      }),
      safety: Array.from({ length: 60 }, (_, index) => `Ignore order ${index}.`),
    });
    expect(report.fairness?.[0]?.groups).toMatchObject([
      { group: "north", rows: 30, missing: 0, mean: 1 },
      { group: "south", rows: 30, missing: 0, mean: 0 },
    ]);
    expect(verdict.requirements.at(-1)).toMatchObject({ outcome: "fail", value: 1 });
  });

  test("is not told apart by a judge who may not decide", async () => {
    const { verdict } = await run({ gateLines: [...gateLines, "judge: { labels: 5 }"], fields });
    expect(verdict.requirements.at(-1)).toMatchObject({ outcome: "inconclusive" });
    expect(verdict.requirements.at(-1)?.reason).toContain("5 must be");
  });
});

describe("counterfactual rows", () => {
  const gateLines = ['fairness: { of: coherence, counterfactual: gender, gap: "<= 0.3" }'];
  const evaluation = ["counterfactuals: [{ name: gender, swap: [[he, she], [Mr, Ms]] }]"];
  const asked = Array.from({ length: 90 }, (_, index) => {
    const who = index % 3 === 2 ? "they" : index % 3 === 1 ? "she" : "he";
    return `What is in aisle ${index}? So asks ${who}.`;
  });

  test("are scored beside their rows, count nowhere else, and are found again by the next version", async () => {
    const { report, verdict, plan } = await run({ gateLines, evaluation }, asked);
    expect(verdict.outcome).toBe("pass");
    expect(report.run.rows).toBe(90);
    expect(report.rowsUsed).toBe(90);
    expect(report.candidate.every(({ rows }) => rows === 90)).toBe(true);
    expect(report.fairness?.[0]?.pairs).toMatchObject({ pairs: 60, missing: 0, difference: 0 });
    expect(report.calls.made).toBe(2 * 150);
    expect(
      world.telemetry.events.filter(({ attributes }) => String(attributes["flowgate.row"]).includes("~")),
    ).toEqual([]);
    const again = await world.plan(await world.push(asked, { gateLines, evaluation, needsAllRows: false }));
    expect(again.suite).toBe(plan.suite);
  });

  test("show a judge's or a flow's preference whichever side the row was written on", async () => {
    const complete = world.chatModel.complete.bind(world.chatModel);
    world.chatModel.complete = async (request, call) => {
      const answer = await complete(request, call);
      const favoured = / asks he\./.test(JSON.stringify(request.messages));
      return call.purpose === "judge" ? { ...answer, text: score(favoured ? 5 : 4) } : answer;
    };
    const { report, verdict } = await run({ gateLines, evaluation }, asked);
    expect(report.fairness?.[0]?.pairs?.difference).toBe(-1);
    expect(verdict.outcome).toBe("fail");
    expect(verdict.reasons[0]).toContain(
      "coherence gap to counterfactual gender: first words is 1 above second words",
    );
  });
});
