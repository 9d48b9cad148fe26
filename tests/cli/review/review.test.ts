import { appendFile, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { openDatasetFile } from "../../../cli/review/dataset-file.ts";
import { datasetRowOf } from "../../../shared/report/proposed-dataset-row.ts";
import { reviewRows } from "../../../cli/review/review-rows.ts";
import type { RowProposal } from "../../../shared/model/monitored-turn.ts";
import { startFakePlatform } from "../fake-platform.ts";
import { flowgate } from "../run-flowgate.ts";
import { folderWith, SHOP } from "../sample-flow.ts";

function proposal(index: number): RowProposal {
  return {
    flow: "shop",
    turn: `6927000${index}${"0".repeat(24)}`,
    version: "one",
    at: "2026-11-26T16:05:07.000Z",
    why: [
      { kind: "thumbs_down", comment: "Too late!" },
      { kind: "online_score", metric: "relevance", value: 1, reason: "It answers something else." },
    ],
    row: {
      fields: { question: `Question ${index}?`, customerId: "1", chat_history: [] },
      answer: `Answer ${index}.`,
      context: "It opens at 9.",
    },
  };
}

/** A person who answers in this order, and then breaks off. */
async function session(answers: string[], needsExpected = false) {
  const said: string[] = [];
  const done: [string, string, string | undefined][] = [];
  const result = await reviewRows({
    proposals: [proposal(1), proposal(2), proposal(3)],
    needsExpected,
    ask: async (question) => {
      said.push(question);
      return answers.shift() ?? "q";
    },
    accept: async ({ turn }, expected) => void done.push(["accept", turn.slice(7, 8), expected]),
    drop: async ({ turn }) => void done.push(["drop", turn.slice(7, 8), undefined]),
    output: { note: (text) => void said.push(text), paintNote: (_format, text) => text },
  });
  return { result, done, said: said.join("\n") };
}

describe("a person at a terminal", () => {
  test("sees question, inputs, context, answer and why, and accepts, drops or skips", async () => {
    const { result, done, said } = await session(["a", "s", "d"]);
    expect(result).toEqual({ accepted: 1, dropped: 1 });
    expect(done).toEqual([
      ["accept", "1", undefined],
      ["drop", "3", undefined],
    ]);
    for (const shown of [
      "Question 1?",
      '"customerId":"1"',
      "It opens at 9.",
      "Answer 1.",
      "a user disliked the answer: Too late!",
      "relevance 1: It answers something else.",
    ]) {
      expect(said).toContain(shown);
    }
  });

  test("gives the expected answer, and must where the flow compares with one", async () => {
    expect((await session(["e", "At 9.", "q"])).done).toEqual([["accept", "1", "At 9."]]);
    const { done } = await session(["a", "", "x", "a", " At 9. ", "q"], true);
    expect(done).toEqual([["accept", "1", "At 9."]]);
  });
});

describe("the dataset", () => {
  const evaluation = (...datasets: string[]) => ({
    evaluation: {
      datasets: datasets.map((file) => ({ path: file, as: "quality" as const })),
      evaluators: [],
      trials: 1,
      cluster: undefined,
    },
  });

  test("gets a row once, as a line of its own, with what was given and no more", async () => {
    const folder = await folderWith({ "data.jsonl": '{"id": "1", "question": "?"}' });
    for (const again of [1, 2, 1]) {
      const file = await openDatasetFile(folder, evaluation("data.jsonl"), undefined);
      await file.append(datasetRowOf(proposal(again), "At 9."));
    }
    const lines = (await readFile(path.join(folder, "data.jsonl"), "utf8")).split("\n");
    expect(lines).toHaveLength(4);
    expect(JSON.parse(lines[1] ?? "")).toEqual({
      question: "Question 1?",
      customerId: "1",
      id: "turn-6927000100000000",
      ground_truth: "At 9.",
    });
  });

  test("loses a row that is taken out again, and nothing that others wrote meanwhile", async () => {
    const folder = await folderWith({ "data.jsonl": '{"id": "1"}' });
    const file = await openDatasetFile(folder, evaluation("data.jsonl"), undefined);
    await (
      await file.append(datasetRowOf(proposal(2), "At 8."))
    )();
    const takeOut = await file.append(datasetRowOf(proposal(1), "At 9."));
    await appendFile(path.join(folder, "data.jsonl"), '{"id": "2"}\n');
    await takeOut();
    expect(await readFile(path.join(folder, "data.jsonl"), "utf8")).toBe('{"id": "1"}\n{"id": "2"}\n');
  });

  test("is a JSONL file of the flow; where it cannot be, the error says what to do", async () => {
    const folder = await folderWith({ "a.jsonl": "", "b.jsonl": "" });
    const named = await openDatasetFile(folder, evaluation("a.jsonl", "b.jsonl"), "b.jsonl");
    expect(named.path).toBe("b.jsonl");
    await expect(openDatasetFile(folder, evaluation("a.jsonl"), "c.jsonl")).rejects.toThrow(
      "Name one with --dataset: a.jsonl.",
    );
    await expect(openDatasetFile(folder, evaluation("a.csv"), undefined)).rejects.toThrow(
      "list it in evaluation.datasets",
    );
  });
});

describe("flowgate review", () => {
  const turn = proposal(1).turn;
  const routes = {
    "GET /api/flows/shop/review": () => ({ json: { flow: "shop", proposals: [proposal(1)], more: false } }),
    [`POST /api/flows/shop/review/${turn}`]: () => ({ json: { ...proposal(1), row: undefined } }),
  };

  test("--list and --json show what is proposed and change nothing", async () => {
    const folder = await folderWith(SHOP);
    const { environment, requests } = await startFakePlatform(routes);
    const listed = await flowgate(["review", folder, "--list"], { environment });
    expect([listed.code, listed.stdout]).toEqual([
      0,
      `${turn}  2026-11-26 16:05:07 UTC  disliked, relevance  Question 1?\n`,
    ]);
    const printed = await flowgate(["review", folder, "--json"], { environment });
    expect(JSON.parse(printed.stdout)).toMatchObject({ flow: "shop", proposals: [{ turn }], more: false });
    expect(requests.every(({ method }) => method === "GET")).toBe(true);
  });

  test("--accept writes the row, then says so to the platform", async () => {
    const folder = await folderWith(SHOP);
    const { environment, requests } = await startFakePlatform(routes);
    const words = ["review", folder, "--accept", turn, "--ground-truth", "At 9."];
    const { code, stdout } = await flowgate(words, { environment });
    expect([code, stdout]).toEqual([0, "1 accepted into data/questions.jsonl, 0 dropped.\n"]);
    const text = await readFile(path.join(folder, "data/questions.jsonl"), "utf8");
    expect(text.trim().split("\n")).toHaveLength(2);
    expect(requests.at(-1)?.body).toMatchObject({ decision: "accepted", actor: expect.any(String) });
  });

  test("--accept of what somebody has dropped meanwhile leaves the dataset as it was", async () => {
    const folder = await folderWith(SHOP);
    const dataset = path.join(folder, "data/questions.jsonl");
    const before = await readFile(dataset, "utf8");
    const message = "Mia has dropped this proposal already.";
    const { environment } = await startFakePlatform({
      ...routes,
      [`POST /api/flows/shop/review/${turn}`]: () => ({
        status: 409,
        json: { error: { code: "conflict", message } },
      }),
    });
    const words = ["review", folder, "--accept", turn, "--ground-truth", "At 9."];
    const { code, stderr } = await flowgate(words, { environment });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).toContain("Nothing was added to data/questions.jsonl.");
    expect(await readFile(dataset, "utf8")).toBe(before);
  });

  test("without a terminal, and of a turn that is not proposed, says what to do", async () => {
    const folder = await folderWith(SHOP);
    const { environment } = await startFakePlatform(routes);
    const asked = await flowgate(["review", folder], { environment });
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining("--accept <turn>")]);
    const unknown = await flowgate(["review", folder, "--drop", "ffff"], { environment });
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("--list")]);
    const accepted = await flowgate(["review", folder, "--accept", "ffff"], { environment });
    expect([accepted.code, accepted.stderr]).toEqual([2, expect.stringContaining("no proposal ffff")]);
  });
});
