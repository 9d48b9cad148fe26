import { describe, expect, test } from "vitest";
import { estimateRun, rowCallsOf } from "../../../shared/evaluation/estimate-run.ts";
import { NOTHING_SPENT } from "../../../shared/evaluation/spend.ts";
import { loadFlow } from "../../../shared/flow/load-flow.ts";
import type { StepDefinition } from "../../../shared/model/flow.ts";

const PRICES = { small: { input: 1, output: 2 }, judge: { input: 10, output: 20 } };
const MODELS = { chat: "small", judge: "judge" };
const GRADED = { judgeCalls: 1, needs: ["question" as const, "answer" as const] };
const GROUNDED = { judgeCalls: 1, needs: ["context" as const] };
const OVERLAP = { needs: [] };

function flow(template: string, steps: StepDefinition[] = [], frontmatter = "name: shop") {
  const text = (value: string) => new TextEncoder().encode(value);
  const record = { text: "x".repeat(390) };
  const files = new Map([
    ["chat.prompty", text(`---\n${frontmatter}\n---\n${template}\n`)],
    ["facts.jsonl", text(`${JSON.stringify(record)}\n${JSON.stringify(record)}\n`)],
  ]);
  return loadFlow({ name: "shop", prompt: "chat.prompty", steps }, files, new Map());
}

describe("the calls of a row", () => {
  const template = `system:\n${"Be kind. ".repeat(100)}\n\nuser:\n{{ question }}`;
  const rows = [{ fields: { question: "q".repeat(400) } }];

  test("are its prompt's and one for each judge, at four characters a token", () => {
    const [answer, judge, ...more] = rowCallsOf(flow(template), [GRADED, OVERLAP], rows, MODELS);
    expect(more).toEqual([]);
    expect(answer?.model).toBe("small");
    expect(answer?.inputTokens).toBeGreaterThan(1_300 / 4);
    expect(answer?.inputTokens).toBeLessThan(1_400 / 4);
    expect(judge).toMatchObject({ model: "judge", inputTokens: (1_400 + 400) / 4 + 1 + 200 });
  });

  test("hold what steps find, for the answer and for judges who look at it", () => {
    const found: StepDefinition = {
      kind: "retrieve",
      name: "facts",
      source: "facts.jsonl",
      query: "{{ question }}",
      top: 2,
      mode: "keyword",
    };
    const [plain, graded, grounded] = rowCallsOf(flow(template), [GRADED, GROUNDED], rows, MODELS);
    const [more, gradedMore, groundedMore] = rowCallsOf(
      flow(template, [found]),
      [GRADED, GROUNDED],
      rows,
      MODELS,
    );
    const records = 2 * 100;
    expect((more?.inputTokens ?? 0) - (plain?.inputTokens ?? 0)).toBeCloseTo(records, -1);
    expect(gradedMore).toEqual(graded);
    expect((groundedMore?.inputTokens ?? 0) - (grounded?.inputTokens ?? 0)).toBeCloseTo(records, -1);
  });
});

describe("the estimate", () => {
  const rowCalls = [
    { model: "small", inputTokens: 100, outputTokens: 50 },
    { model: "judge", inputTokens: 300, outputTokens: 50 },
  ];

  test("goes by lengths where nothing is recorded: rows times answer and judge, times prices", () => {
    expect(estimateRun(2_000, { recorded: undefined, rowCalls, prices: PRICES })).toEqual({
      calls: 2_000,
      tokens: 500_000,
      cost: expect.closeTo((1_000 * (100 + 100 + 3_000 + 1_000)) / 1e6, 9),
      from: "lengths",
    });
  });

  test("goes by what earlier runs used where there is enough of it", () => {
    const recorded = {
      ...NOTHING_SPENT,
      calls: 100,
      inputTokens: 9_000,
      outputTokens: 1_000,
      cost: 0.5,
    };
    expect(estimateRun(2_000, { recorded, rowCalls, prices: PRICES })).toEqual({
      calls: 2_000,
      tokens: 200_000,
      cost: expect.closeTo(10, 9),
      from: "recorded",
    });
    expect(estimateRun(2_000, { recorded: { ...recorded, calls: 3 }, rowCalls, prices: PRICES }).from).toBe(
      "lengths",
    );
  });

  test("says no cost where a price is not known", () => {
    expect(estimateRun(2, { recorded: undefined, rowCalls, prices: {} }).cost).toBeUndefined();
    const recorded = { ...NOTHING_SPENT, calls: 100, unpriced: ["small"] };
    expect(estimateRun(2, { recorded, rowCalls, prices: PRICES }).cost).toBeUndefined();
  });

  test("names the models without a price, that of vectors too, unless earlier runs priced every call", () => {
    const lengths = { recorded: undefined, rowCalls, prices: { small: PRICES.small } };
    expect(estimateRun(2, { ...lengths, embedding: "vectors" }).unpriced).toEqual(["judge", "vectors"]);
    expect(estimateRun(2, { ...lengths, prices: PRICES })).not.toHaveProperty("unpriced");
    const recorded = { ...NOTHING_SPENT, calls: 100 };
    expect(estimateRun(2, { ...lengths, recorded })).not.toHaveProperty("unpriced");
    const before = { ...recorded, unpriced: ["another"] };
    expect(estimateRun(2, { ...lengths, recorded: before }).unpriced).toEqual(["judge"]);
  });

  test("of nothing to call is nothing", () => {
    expect(estimateRun(0, { recorded: undefined, rowCalls: [], prices: {} })).toMatchObject({
      calls: 0,
      tokens: 0,
      cost: 0,
    });
  });
});
