import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EVALUATORS } from "../../shared/evaluators/registry.ts";
import { editorSettings, WORKSPACE } from "./workspace.ts";
import { startYamlLanguageServer, type YamlLanguageServer } from "./yaml-language-server.ts";

/** A flow's file in the workspace, by which the settings find its schema. */
const FILE = "flows/shop/flow.yaml";
const SHOP = `name: shop
prompt: chat.prompty
steps:
  documents: { retrieve: knowledge.jsonl, query: "{{ question }}", top: 2 }
evaluation:
  datasets: [data.jsonl, { path: unsafe.jsonl, as: safety }]
  evaluators: [groundedness, f1_score]
  scope: population
  budget: { tokens: 2M, cost: "$5" }
gate:
  groundedness: { mean: ">= 4", noWorseThan: 0.2 }
  f1_score: { passRate: ">= 80%" }
  latency: { p95: "<= 4s", noWorseThan: 20% }
  cost: { mean: "<= $0.002" }
  errors: { rate: 0 }
  judge: { agreement: ">= 0.6", labels: ">= 30" }
  fairness: { of: groundedness, by: region, gap: "<= 0.3" }
rollout: immediate
`;

let server: YamlLanguageServer;
beforeAll(async () => {
  server = await startYamlLanguageServer(WORKSPACE, editorSettings());
});
afterAll(() => server[Symbol.asyncDispose]());

describe("good flows are not underlined", () => {
  const flows = readdirSync(path.join(WORKSPACE, "flows")).map((name) => `flows/${name}/flow.yaml`);
  test.each(flows)("%s", async (file) => {
    const text = readFileSync(path.join(WORKSPACE, file), "utf8");
    expect(await server.diagnostics(file, text)).toEqual([]);
  });

  test("one that uses every kind of threshold, by name and as a list", async () => {
    expect(await server.diagnostics(FILE, SHOP)).toEqual([]);
    const listed = SHOP.replace("  documents: { ", "  - { name: documents, ");
    expect(listed).not.toBe(SHOP);
    expect(await server.diagnostics(FILE, listed)).toEqual([]);
  });

  test("the modeline finds the schema without the workspace's settings", async () => {
    await using bare = await startYamlLanguageServer(WORKSPACE, {
      ...editorSettings(),
      "yaml.schemas": {},
    });
    const sample = readFileSync(path.join(WORKSPACE, "flows/contoso-chat/flow.yaml"), "utf8");
    expect(await bare.diagnostics("flows/contoso-chat/flow.yaml", sample)).toEqual([]);
    const broken = sample.replace("\nprompt:", "\npromt:");
    expect(await bare.diagnostics("flows/contoso-chat/flow.yaml", broken)).toContainEqual({
      line: lineOf(broken, "promt:"),
      message: "Property promt is not allowed.",
    });
  });
});

describe("what is wrong is underlined on its line", () => {
  test.each([
    ["a key that does not exist", "prompt:", "promt:", "promt", /Property promt is not allowed/],
    ["a name with capitals", "name: shop", "name: Shop", "Shop", /lower-case/],
    ["an unknown evaluator", "f1_score]", "f1]", "f1]", /Valid values: "groundedness"/],
    ["an unknown statistic", "p95:", "p96:", "p96", /p96 is not allowed/],
    ["a threshold without direction", '">= 4"', '"4"', '"4"', /Write the threshold as ">= 4"/],
    ["a threshold of another unit", '"<= 4s"', '"<= $4"', '"<= $4"', /"<= 4s" or "<= 800ms"/],
    ["a share over 100 %", '">= 80%"', '">= 180%"', "180%", /"80%"|">= 80%"/],
    ["a margin that is none", "noWorseThan: 0.2", "noWorseThan: some", "some", /margin as 0.2 or 20%/],
    ["more records than can be found", "top: 2", "top: 0", "top: 0", /minimum of 1/],
    ["a kind of dataset that does not exist", "as: safety", "as: safe", "as: safe", /"quality", "safety"/],
    ["a rollout that does not exist", "immediate", "tomorrow", "tomorrow", /"immediate"/],
    ["a gate of nothing", "{ rate: 0 }", "{}", "errors", /./],
  ])("%s", async (_what, good, bad, at, message) => {
    const text = SHOP.replace(good, bad);
    const findings = await server.diagnostics(FILE, text);
    expect(findings).toContainEqual({ line: lineOf(text, at), message: expect.stringMatching(message) });
  });

  test("a part that is missing", async () => {
    const [finding] = await server.diagnostics(FILE, SHOP.replace(/gate:[^]*/, ""));
    expect(finding?.message).toBe('Missing property "gate".');
  });
});

describe("completion offers", () => {
  test("the keys at the top that are not there yet", async () => {
    const offered = await server.completions(FILE, "name: shop\n|");
    expect(offered).toEqual(
      expect.arrayContaining(["prompt", "steps", "variants", "evaluation", "gate", "rollout"]),
    );
    expect(offered).not.toContain("name");
  });

  test("the evaluators", async () => {
    const offered = await server.completions(FILE, "name: shop\nevaluation:\n  evaluators:\n    - |");
    // As a name, and as a key that options follow.
    expect(new Set(offered)).toEqual(new Set(Object.keys(EVALUATORS)));
  });

  test("evaluators and operational metrics in the gate", async () => {
    const offered = await server.completions(FILE, "name: shop\ngate:\n  |");
    expect(offered).toEqual(
      expect.arrayContaining(["groundedness", "exact_match", "latency", "cost", "errors"]),
    );
  });

  test("the statistics of a metric, and how its thresholds are written", async () => {
    expect(await server.completions(FILE, "gate:\n  latency:\n    |")).toEqual(
      expect.arrayContaining(["mean", "p50", "p95", "p99", "max", "noWorseThan"]),
    );
    expect(await server.completions(FILE, "gate:\n  latency:\n    p95: |")).toContain("<= 4s");
    expect(await server.completions(FILE, "gate:\n  cost:\n    mean: |")).toContain("<= $0.002");
  });

  test("what a step can be, by name and in a list", async () => {
    const keys = expect.arrayContaining(["lookup", "retrieve", "prompt", "when", "query", "top"]);
    expect(await server.completions(FILE, "steps:\n  documents:\n    |")).toEqual(keys);
    expect(await server.completions(FILE, "steps:\n  - name: documents\n    |")).toEqual(keys);
  });
});

describe("hovering says what", () => {
  test.each([
    ["a key is", "pro|mpt: chat.prompty\n", "The .prompty file that answers"],
    [
      "a metric measures",
      "gate:\n  late|ncy: { p95: '<= 4s' }\n",
      "Time from the question to the whole answer",
    ],
    ["an evaluator scores", "gate:\n  ground|edness: { mean: '>= 4' }\n", "From 1 to 5; a row passes at"],
    ["a listed evaluator scores", "evaluation:\n  evaluators: [flu|ency]\n", "correct, natural language"],
    ["a statistic is", "gate:\n  latency: { p|95: '<= 4s' }\n", "95 of 100 rows"],
    ["a step's key does", "steps:\n  a: { retrieve: a.jsonl, to|p: 3 }\n", "How many records are found"],
  ])("%s", async (_what, marked, said) => {
    expect(await server.hover(FILE, marked)).toContain(said);
  });
});

function lineOf(text: string, part: string): number {
  return text.split("\n").findIndex((line) => line.includes(part)) + 1;
}
