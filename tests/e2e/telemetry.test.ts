import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TelemetryRow } from "../../local/telemetry/telemetry-row.ts";
import { OFFLINE_STAND_IN } from "../../shared/model/offline-stand-in.ts";
import type { RunDetail } from "../../shared/model/status.ts";
import { makeScratchFlows, SMALL } from "./scratch-flows.ts";
import { CONTOSO, startTestPlatform, verdictOf } from "./test-platform.ts";
import type { TestPlatform } from "./test-platform.ts";

const QUESTION = "How much does the Skylark Duo Tent weigh?";
/** The spans and events that Flowgate makes. */
const OURS =
  /^(?:chat|embeddings|invoke_workflow) |^gen_ai\.evaluation|^flowgate\.(?:run|release|change|message)/;
let flowgate: TestPlatform;
let run: RunDetail;
let answers: string[];
/** Everything that one push and two chats made leave, in Application Insights' tables. */
let rows: TelemetryRow[];

beforeAll(async () => {
  flowgate = await startTestPlatform();
  const verdict = verdictOf(await flowgate.pushAndWait({ author: "Ada" }));
  const { host } = flowgate.platform;
  answers = [await ask(host.url, false), await ask(host.url, true)];
  run = await flowgate.api.run(CONTOSO, verdict.run);
  rows = await rowsAtEnd(flowgate);
});
afterAll(() => flowgate[Symbol.asyncDispose]());

async function ask(url: string, stream: boolean, model = CONTOSO): Promise<string> {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "any", maxRetries: 0 });
  const request = {
    model,
    messages: [{ role: "user" as const, content: QUESTION }],
    metadata: { customerId: "1" },
  };
  if (!stream) return (await client.chat.completions.create(request)).choices[0]?.message.content ?? "";
  let text = "";
  for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) {
    text += chunk.choices[0]?.delta.content ?? "";
  }
  return text;
}

/** All rows: the processes send what is waiting before they end. */
async function rowsAtEnd({ platform }: TestPlatform): Promise<TelemetryRow[]> {
  await platform.close();
  return platform.sink?.query({}) ?? [];
}

function workflowsIn(all: TelemetryRow[]): TelemetryRow[] {
  return all.filter(({ name }) => name === `invoke_workflow ${CONTOSO}`);
}

function spans(name: string): TelemetryRow[] {
  return rows.filter((row) => row.table === "dependencies" && row.name === name);
}

function events(name: string): TelemetryRow[] {
  return rows.filter((row) => row.table === "customEvents" && row.name === name);
}

describe("model calls", () => {
  test("are spans by the GenAI conventions that name flow, version and purpose", () => {
    const calls = spans(`chat ${OFFLINE_STAND_IN}`);
    expect(new Set(calls.map(({ customDimensions }) => customDimensions["flowgate.purpose"]))).toEqual(
      new Set(["answer", "judge", "chat"]),
    );
    for (const { customDimensions, success } of calls) {
      expect(success).toBe(true);
      expect(customDimensions).toMatchObject({
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": OFFLINE_STAND_IN,
        "gen_ai.response.model": OFFLINE_STAND_IN,
        "gen_ai.usage.input_tokens": expect.stringMatching(/^\d+$/),
        "gen_ai.usage.output_tokens": expect.stringMatching(/^\d+$/),
        "flowgate.flow": CONTOSO,
        "flowgate.version": run.plan.version,
      });
    }
  });

  test("are as many as the report says were made, and one for each chat", () => {
    const byPurpose = Map.groupBy(
      spans(`chat ${OFFLINE_STAND_IN}`),
      ({ customDimensions }) => customDimensions["flowgate.purpose"],
    );
    const evaluated = (byPurpose.get("answer")?.length ?? 0) + (byPurpose.get("judge")?.length ?? 0);
    expect(evaluated).toBe(run.report?.calls.made);
    expect(byPurpose.get("answer")).toHaveLength(run.plan.rows);
    expect(byPurpose.get("chat")).toHaveLength(2);
  });

  test("of the embedding model are spans too", () => {
    const calls = spans(`embeddings ${OFFLINE_STAND_IN}`);
    expect(calls.length).toBeGreaterThan(0);
    expect(calls[0]?.customDimensions).toMatchObject({
      "gen_ai.operation.name": "embeddings",
      "flowgate.flow": CONTOSO,
      "flowgate.purpose": "step",
    });
  });

  test("record duration, tokens and the time to the first chunk", () => {
    const metrics = rows.filter(({ table }) => table === "customMetrics");
    const recorded = metrics.filter(({ customDimensions }) => customDimensions["flowgate.flow"] === CONTOSO);
    expect(recorded.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "gen_ai.client.operation.duration",
        "gen_ai.client.token.usage",
        "gen_ai.client.operation.time_to_first_chunk",
      ]),
    );
    const types = metrics.flatMap(({ customDimensions }) => customDimensions["gen_ai.token.type"] ?? []);
    expect(new Set(types)).toEqual(new Set(["input", "output"]));
  });
});

test("a turn of production is a span that its model calls are children of, streamed or not", () => {
  const turns = workflowsIn(rows);
  const streamed = turns.map(({ customDimensions }) => customDimensions["flowgate.streamed"]);
  expect(streamed).toHaveLength(2);
  expect(new Set(streamed)).toEqual(new Set(["false", "true"]));
  for (const turn of turns) {
    expect(turn.customDimensions).toMatchObject({
      "gen_ai.operation.name": "invoke_workflow",
      "flowgate.flow": CONTOSO,
      "flowgate.version": run.plan.version,
      "flowgate.outcome": "answered",
    });
    const children = rows.filter(({ operation_ParentId }) => operation_ParentId === turn.id);
    expect(children.map(({ name }) => name)).toContain(`chat ${OFFLINE_STAND_IN}`);
    expect(children.every(({ operation_Id }) => operation_Id === turn.operation_Id)).toBe(true);
  }
});

test("what nobody asked to record is not recorded: no storage call is a span, and a blob that is not there no exception", () => {
  const others = rows.filter(({ table, name }) => table !== "customMetrics" && !OURS.test(name));
  expect(others.map(({ table, name }) => `${table} ${name}`)).toEqual([]);
});

describe("a run", () => {
  test("is one evaluation result for each row and evaluator", async () => {
    const told = events("gen_ai.evaluation.result").map(
      ({ customDimensions }) =>
        `${customDimensions["flowgate.row"]} ${customDimensions["gen_ai.evaluation.name"]}`,
    );
    const evaluators = ["groundedness", "relevance", "coherence", "fluency", "similarity", "f1_score"];
    expect(told).toHaveLength(run.plan.rows * evaluators.length);
    expect(new Set(told).size).toBe(told.length);
    expect(new Set(told.map((pair) => pair.split(" ")[1]))).toEqual(new Set(evaluators));
    const scored = events("gen_ai.evaluation.result").map(({ customDimensions }) => customDimensions);
    expect(scored.every((one) => one["flowgate.run"] === run.plan.id)).toBe(true);
    expect(scored[0]).toMatchObject({
      "gen_ai.evaluation.score.value": expect.stringMatching(/^[\d.]+$/),
      "gen_ai.evaluation.score.label": expect.stringMatching(/^(?:pass|fail|missing)$/),
      "flowgate.version": run.plan.version,
      "flowgate.suite": run.plan.suite,
    });
  });

  test("is one summary, one event a metric, and one release", () => {
    const about = {
      "flowgate.flow": CONTOSO,
      "flowgate.version": run.plan.version,
      "flowgate.run": run.plan.id,
    };
    expect(events("flowgate.run.completed").map(({ customDimensions }) => customDimensions)).toEqual([
      expect.objectContaining({
        ...about,
        "flowgate.verdict": "pass",
        "flowgate.rows": String(run.plan.rows),
        "flowgate.calls.made": String(run.report?.calls.made),
      }),
    ]);
    const metrics = events("flowgate.run.metric").map(
      ({ customDimensions }) => customDimensions["flowgate.metric"],
    );
    expect(metrics).toEqual(run.report?.candidate.map(({ metric }) => metric));
    expect(events("flowgate.release").map(({ customDimensions }) => customDimensions)).toEqual([
      expect.objectContaining({ ...about, "flowgate.release.kind": "promoted" }),
    ]);
  });

  test("is told to subscribers of the topic, and so is the promotion", () => {
    const published = flowgate.platform.topic?.events() ?? [];
    expect(published.map(({ eventType }) => eventType)).toEqual([
      "Flowgate.RunCompleted",
      "Flowgate.Promoted",
    ]);
    expect(published[0]).toMatchObject({
      subject: `flows/${CONTOSO}/runs/${run.plan.id}`,
      data: { outcome: "pass", version: run.plan.version, commit: { author: "Ada" } },
    });
    expect(published[1]).toMatchObject({
      subject: `flows/${CONTOSO}`,
      data: { kind: "promoted", serving: run.plan.version },
    });
  });
});

describe("the text of prompts and answers", () => {
  test("is nowhere in what left the process", async () => {
    expect(answers).toEqual([expect.stringContaining("1.9 kg"), expect.stringContaining("1.9 kg")]);
    const sent = await envelopes(flowgate);
    expect(sent).toContain(`chat ${OFFLINE_STAND_IN}`);
    // Of the question, of the answer, of a document, of the customer's record and of the prompt.
    for (const phrase of [
      "Skylark",
      "How much does",
      "1.9 kg",
      "freestanding",
      "Amara",
      "support assistant",
    ]) {
      expect(sent).not.toContain(phrase);
    }
  });

  test("is there where the settings allow it", async () => {
    await using scratch = await makeScratchFlows();
    await using small = await startTestPlatform({
      flow: SMALL,
      flowFolder: scratch.small,
      environment: { FLOWGATE_CAPTURE_CONTENT: "true" },
    });
    verdictOf(await small.pushAndWait());
    const span = (await rowsAtEnd(small)).find(
      ({ name, customDimensions }) =>
        name === `chat ${OFFLINE_STAND_IN}` && customDimensions["flowgate.purpose"] === "answer",
    );
    expect(span?.customDimensions["gen_ai.input.messages"]).toContain("The shop opens at 9");
    expect(span?.customDimensions["gen_ai.output.messages"]).toMatch(/9|17/);
  });
});

async function envelopes({ folder }: TestPlatform): Promise<string> {
  const kept = path.join(folder, "../../data/telemetry");
  const files = (await readdir(kept)).map((file) => readFile(path.join(kept, file), "utf8"));
  return (await Promise.all(files)).join("\n");
}
