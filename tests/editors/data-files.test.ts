import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placedRows } from "../../shared/flow/dataset-rows.ts";
import { createFindings } from "../../shared/flow/diagnostics.ts";
import { checkLabels } from "../../shared/flow/check-labels.ts";
import { LABELS_FILE } from "../../shared/flow/label-schema.ts";
import { jsonDiagnostics, openJson } from "./json-language-service.ts";
import { WORKSPACE } from "./workspace.ts";

const LABEL = '{"row": "product-01", "answer": "1.9 kg.", "scores": {"groundedness": 5}, "by": "Maya"}';

describe("dataset rows", () => {
  test.each(globSync("flows/*/data/*.jsonl", { cwd: WORKSPACE }))("every row of %s is good", async (file) => {
    const lines = readFileSync(path.join(WORKSPACE, file), "utf8").trim().split("\n");
    for (const line of lines) expect(await jsonDiagnostics("dataset-row.schema.json", line)).toEqual([]);
  });

  test.each([
    ["no input", '{"id": "a",\n"ground_truth": "b"}', 1, /The row has no input/],
    ["an id that is a list", '{"question": "a",\n"id": ["b"]}', 2, /Incorrect type/],
    ["an answer that is a list", '{"question": "a",\n"ground_truth": []}', 2, /Incorrect type/],
    ["a turn that is a text", '{"question": "a",\n"chat_history": [\n"b"]}', 3, /Incorrect type/],
    ["no object", "[]", 1, /Incorrect type/],
  ])("%s is underlined", async (_what, row, line, message) => {
    const [finding] = await jsonDiagnostics("dataset-row.schema.json", row);
    expect(finding).toEqual({ line, message: expect.stringMatching(message) });
  });

  test("a dataset that is one JSON list is checked where it lies, row by row", async () => {
    const good = '[\n  {"question": "a"},\n  {"question": "b", "ground_truth": "c"}\n]';
    expect(await openJson("flows/shop/data/questions.json", good).diagnostics()).toEqual([]);
    const bad = '[\n  {"question": "a"},\n  {"ground_truth": "c"}\n]';
    expect(await openJson("flows/shop/data/questions.json", bad).diagnostics()).toEqual([
      { line: 3, message: 'The row has no input. Give it a question: {"question": "..."}.' },
    ]);
    expect(await openJson("flows/shop/knowledge/products.json", bad).diagnostics()).toEqual([]);
  });

  test("completion and hover in such a list", async () => {
    const offered = await openJson("flows/shop/data/questions.json", '[{"question": "a", |}]').completions();
    expect(offered).toEqual(expect.arrayContaining(["id", "ground_truth", "chat_history"]));
    const hovered = openJson("flows/shop/data/questions.json", '[{"question": "a", "ground_|truth": "b"}]');
    expect(await hovered.hover()).toContain("The expected answer");
  });

  test("editors and the program agree", async () => {
    const value = fc.constantFrom("a", 5, true, ["a"], [{ role: "user", content: "a" }], [{ a: 1 }], {
      a: 1,
    });
    const row = fc.dictionary(
      fc.constantFrom("id", "question", "ground_truth", "chat_history", "category", "tags", "customerId"),
      value,
      { minKeys: 1 },
    );
    await fc.assert(
      fc.asyncProperty(row, async (row) => {
        const text = JSON.stringify(row);
        const underlined = await jsonDiagnostics("dataset-row.schema.json", text);
        const files = new Map([["rows.jsonl", new TextEncoder().encode(text)]]);
        const findings = createFindings();
        const found = placedRows({ datasets: [{ path: "rows.jsonl", as: "quality" }] }, files, findings);
        expect([...found].length).toBeLessThanOrEqual(1);
        expect(findings.list.length > 0).toBe(underlined.length > 0);
      }),
      { numRuns: 300 },
    );
  });
});

describe("labels", () => {
  const findingsOf = (text: string) => {
    const findings = createFindings();
    const files = new Map([[LABELS_FILE, new TextEncoder().encode(text)]]);
    checkLabels(files, { evaluators: ["groundedness", "fluency"], metrics: [] }, [], findings);
    return findings.list;
  };

  test("a good label passes with editors and with the program", async () => {
    expect(await jsonDiagnostics("labels.schema.json", LABEL)).toEqual([]);
    expect(findingsOf(LABEL)).toEqual([]);
  });

  test.each([
    ["no row", LABEL.replace('"row": "product-01", ', ""), /row/],
    ["no answer", LABEL.replace('"answer": "1.9 kg.", ', ""), /answer/],
    ["a score in words", LABEL.replace("5}", '"good"}'), /number|type/],
    ["no scores", LABEL.replace('"groundedness": 5', ""), /evaluator|properties/],
    ["a key that does not exist", LABEL.replace('"by"', '"bye"'), /bye/],
  ])("%s is found by both", async (_what, label, message) => {
    const [underlined] = await jsonDiagnostics("labels.schema.json", label);
    expect(underlined?.message).toMatch(message);
    const [found] = findingsOf(`${LABEL}\n${label}`);
    expect(found).toMatchObject({ severity: "error", file: LABELS_FILE, line: 2 });
    expect(found?.message).toMatch(message);
  });

  test("an evaluator that does not exist is named with the known ones", () => {
    expect(findingsOf(LABEL.replace("groundedness", "groundednes"))).toEqual([
      {
        severity: "error",
        file: LABELS_FILE,
        line: 1,
        column: 1,
        message: "There is no evaluator groundednes.",
        remedy: "Did you mean groundedness? Known evaluators: groundedness, fluency.",
      },
    ]);
  });
});
