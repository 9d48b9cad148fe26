import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { openLabelFile } from "../../../cli/label/label-file.ts";
import { labelRows, type LabelSession } from "../../../cli/label/label-rows.ts";
import { rowsToLabel, type RowToLabel } from "../../../cli/label/rows-to-label.ts";
import { bindEvaluator } from "../../../shared/evaluators/bind-evaluator.ts";
import { LABELS_FILE } from "../../../shared/flow/label-schema.ts";
import type { RowResult } from "../../../shared/model/run.ts";
import { startFakePlatform } from "../fake-platform.ts";
import { flowgate, temporaryFolder } from "../run-flowgate.ts";
import { folderWith, SHOP } from "../sample-flow.ts";
import { runDetail, status } from "../samples.ts";

const relevance = bindEvaluator({ name: "relevance", use: "relevance" });

function result(id: string, value: number, differences: Partial<RowResult["candidate"]> = {}): RowResult {
  return {
    row: {
      id,
      hash: id,
      cluster: id,
      dataset: "data",
      as: "quality",
      fields: { question: `Question ${id}?` },
    },
    trial: 0,
    candidate: {
      answer: `Answer ${id}.`,
      context: `Context ${id}.`,
      scores: { relevance: { value, passed: value >= 3, reason: `Because ${id}.` } },
      latencyMs: 1,
      inputTokens: 1,
      outputTokens: 1,
      cost: 0,
      model: "m",
      error: undefined,
      cached: false,
      calls: 2,
      saved: 0,
      ...differences,
    },
    baseline: undefined,
  };
}

const ROWS: RowToLabel[] = rowsToLabel([result("a", 5), result("b", 2), result("c", 4)], {
  count: 3,
  hard: false,
  evaluators: [relevance],
  isLabelled: () => false,
});

/** A person who answers in this order, and then breaks off. */
async function session(
  answers: string[],
  differences: Partial<LabelSession> = {},
): Promise<{ given: Promise<number>; lines: () => Promise<object[]>; said: string[]; folder: string }> {
  const folder = await temporaryFolder();
  const said: string[] = [];
  const given = labelRows({
    rows: ROWS,
    evaluators: [relevance],
    file: await openLabelFile(folder),
    by: "Ada",
    chosen: "random",
    ask: async (question) => {
      said.push(question);
      const answer = answers.shift();
      if (answer === undefined) throw new Error("Ctrl-C");
      return answer;
    },
    output: { note: (text) => void said.push(text), paintNote: (_format, text) => text },
    now: () => new Date("2026-11-22T09:30:00Z"),
    ...differences,
  });
  given.catch(() => undefined);
  const lines = async (): Promise<object[]> =>
    (await readFile(path.join(folder, LABELS_FILE), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
  return { given, lines, said, folder };
}

describe("a person at a terminal", () => {
  test("scores row by row, and sees what the judge said and how far they agree afterwards", async () => {
    const { given, lines, said } = await session(["5", "", "4", "wordy", "2", ""]);
    expect(await given).toBe(3);
    const [first = ROWS[0], second = ROWS[0]] = ROWS;
    expect(await lines()).toMatchObject([
      {
        row: first?.row,
        answer: first?.answer,
        context: first?.context,
        scores: { relevance: 5 },
        by: "Ada",
        at: "2026-11-22T09:30:00.000Z",
        chosen: "random",
      },
      { row: second?.row, scores: { relevance: 4 }, note: "wordy" },
      { scores: { relevance: 2 } },
    ]);
    const judged = said.findIndex((text) => text.includes(`Because ${first?.row}.`));
    expect(judged).toBeGreaterThan(said.findIndex((text) => text.startsWith("note")));
    expect(said.at(-1)).toMatch(/^3 labelled; relevance agrees on \d of 3/);
  });

  test("skips, goes back to say it again, asks for help, and ends; what makes no score is asked again", async () => {
    const { given, lines, said } = await session(["s", "nine", "9", "?", "3", "", "b", "4", "", "q"]);
    expect(await given).toBe(1);
    expect(await lines()).toMatchObject([
      { row: ROWS[1]?.row, scores: { relevance: 3 } },
      { row: ROWS[1]?.row, scores: { relevance: 4 } },
    ]);
    expect(said.filter((text) => text.startsWith("A number from 1 to 5"))).toHaveLength(2);
    expect(said).toContain(relevance.help);
  });

  test("loses nothing by breaking off: every label is in the file before the next row is asked", async () => {
    const { given, lines } = await session(["5", "", "4"]);
    await expect(given).rejects.toThrow("Ctrl-C");
    expect(await lines()).toHaveLength(1);
  });

  test("says pass or fail where the scale has only these", async () => {
    const yesOrNo = { ...relevance, scale: { min: 0, max: 1 }, threshold: 1 };
    const { given, lines } = await session(["p", "", "f", "", "q"], { evaluators: [yesOrNo] });
    await given;
    expect(await lines()).toMatchObject([{ scores: { relevance: 1 } }, { scores: { relevance: 0 } }]);
  });
});

describe("the rows", () => {
  const options = { count: 2, hard: false, evaluators: [relevance], isLabelled: () => false };

  test("are the same whoever asks, in whichever order the run has them", () => {
    const rows = ["a", "b", "c", "d", "e"].map((id) => result(id, 5));
    const chosen = rowsToLabel(rows, options).map(({ row }) => row);
    expect(chosen).toHaveLength(2);
    expect(rowsToLabel(rows.toReversed(), options).map(({ row }) => row)).toEqual(chosen);
    const others = rowsToLabel(rows, { ...options, isLabelled: (row) => chosen.includes(row) });
    expect(others.some(({ row }) => chosen.includes(row))).toBe(false);
  });

  test("that ask several questions are asked about by one of their turns, with what was said before", async () => {
    const turn = (question: string, answer: string | undefined) => ({
      question,
      groundTruth: undefined,
      answer,
      refusal: undefined,
      context: `About ${question}`,
    });
    const turns = [turn("One?", "First."), turn("Two?", "Second."), turn("Three?", undefined)];
    const many = Array.from({ length: 20 }, (_, id) => result(String(id), 4, { turns, answer: "Second." }));
    const chosen = rowsToLabel(many, { ...options, count: 20 });
    expect(chosen).toHaveLength(20);
    expect(new Set(chosen.map((row) => row.turn))).toEqual(new Set([1, 2]));
    const second = chosen.find((row) => row.turn === 2);
    expect(second).toMatchObject({ question: "Two?", answer: "Second.", context: "About Two?", judge: {} });
    const before = [
      { role: "user", content: "One?" },
      { role: "assistant", content: "First." },
    ];
    const { given, lines, said, folder } = await session(["4", ""], { rows: second ? [second] : [] });
    expect(await given).toBe(1);
    expect(await lines()).toMatchObject([{ row: second?.row, turn: 2, before, answer: "Second." }]);
    expect(said).toContain("assistant: First.");
    const file = await openLabelFile(folder);
    expect(file.isLabelled(second?.row ?? "", "Second.", ["relevance"], 2)).toBe(true);
    expect(file.isLabelled(second?.row ?? "", "Second.", ["relevance"], 1)).toBe(false);
  });

  test("begin with those nearest to the threshold where hard ones are asked for", () => {
    const rows = [result("far", 5), result("near", 3), result("between", 4)];
    expect(rowsToLabel(rows, { ...options, hard: true }).map(({ row }) => row)).toEqual(["near", "between"]);
  });

  test("are not asked again once their answer is labelled, and a file without a last line break stays whole", async () => {
    const folder = await folderWith({
      "data/labels.jsonl": '{"row": 1, "answer": "x", "scores": {"relevance": 3}}',
    });
    const file = await openLabelFile(folder);
    expect(file.isLabelled("1", "x", ["relevance"])).toBe(true);
    expect(file.isLabelled("1", "x", ["relevance", "fluency"])).toBe(false);
    expect(file.isLabelled("1", "y", ["relevance"])).toBe(false);
    await file.append({ row: "1", answer: "y", scores: { relevance: 4 } });
    expect(file.isLabelled("1", "y", ["relevance"])).toBe(true);
    const text = await readFile(file.path, "utf8");
    expect(
      text
        .split("\n")
        .filter(Boolean)
        .map((line) => (JSON.parse(line) as { answer: string }).answer),
    ).toEqual(["x", "y"]);
  });
});

describe("flowgate label", () => {
  test("without a terminal says how labels are given elsewhere", async () => {
    const folder = await folderWith(SHOP);
    const { code, stderr } = await flowgate(["label", folder]);
    expect(code).toBe(2);
    expect(stderr).toContain("Labels are given at a terminal.");
    expect(stderr).toContain("--json");
  });

  test("--json prints the rows of production with contexts, and --evaluator must be a judge of the flow", async () => {
    const folder = await folderWith(SHOP);
    const detail = runDetail();
    const run = status().release?.stable?.run ?? "";
    const { environment, requests } = await startFakePlatform({
      "GET /api/flows/shop": () => ({ json: status() }),
      [`GET /api/flows/shop/runs/${run}`]: () => ({
        json: { ...detail, plan: { ...detail.plan, shards: ["labels", "all"] } },
      }),
      [`GET /api/flows/shop/runs/${run}/rows?shard=all&offset=0&top=200&context=true`]: () => ({
        json: {
          shard: "all",
          rows: [result("a", 5), result("b", 5, { answer: undefined })],
          next: undefined,
        },
      }),
    });
    const { code, stdout } = await flowgate(["label", folder, "--json"], { environment });
    expect([code, requests.length]).toEqual([0, 3]);
    expect(JSON.parse(stdout)).toMatchObject({
      flow: "shop",
      run,
      evaluators: ["relevance"],
      rows: [{ row: "a", question: "Question a?", answer: "Answer a.", context: "Context a." }],
    });
    const wrong = await flowgate(["label", folder, "--json", "--evaluator", "fluency"], { environment });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("No judge of this flow scores fluency. Name relevance.");
  });
});
