import { rm } from "node:fs/promises";
import { benchFlow, writeFlowsFolder } from "./bench-flow.ts";
import { round } from "./bench-result.ts";
import type { BenchResult } from "./bench-result.ts";
import { startModelStub, type ModelStub } from "./model-stub.ts";
import { peakMegabytes, type PlatformProcess, startPlatformProcess } from "./platform-process.ts";
import { runFlow } from "./run-flow.ts";

const MANY_ROWS = 100_000;
const SHORT_LATENCY_MS = 5;
/** Enough that the last shards, which some processes wait for, are little of the whole. */
const SHARED_ROWS = 4_800;
const CALLS_PER_ROW = 2;
const LATENCY_MS = 500;
const CONCURRENCY = 32;
const TOLD_EVERY_MS = 10_000;

/** Memory with a large dataset, run to its last row, and how much faster four app processes are than one. */
export async function run(): Promise<BenchResult> {
  const model = await startModelStub(LATENCY_MS);
  try {
    const many = await manyRows(model);
    model.change(LATENCY_MS, 0);
    const one = await secondsWith(1, model);
    const four = await secondsWith(4, model);
    const ideal = (SHARED_ROWS * CALLS_PER_ROW * LATENCY_MS) / CONCURRENCY / 1000;
    return {
      figures: {
        peak_rss_mb: {
          value: Math.round(many.peak),
          bound: `most resident memory of an app process, from its start to the verdict on ${MANY_ROWS} rows`,
        },
        seconds_many: {
          value: round(many.seconds),
          bound: "from plan to verdict; the CPU of app, stub and storage on the same cores",
        },
        speedup_4: {
          value: round(one / four),
          bound: "how evenly shards of 37 rows are shared; two cores for four processes, host and stub",
        },
        seconds_1: { value: round(one), bound: `from plan to verdict; the calls alone take ${ideal} s` },
        seconds_4: { value: round(four), bound: `the calls alone take ${ideal / 4} s` },
      },
      measured: `${MANY_ROWS} rows of one call with 1 app process; ${SHARED_ROWS} rows x ${CALLS_PER_ROW} calls at ${LATENCY_MS} ms with 1 and with 4`,
    };
  } finally {
    await model.close();
  }
}

async function secondsWith(workers: number, model: ModelStub): Promise<number> {
  return withPlatform(workers, model, async (platform) => {
    await runFlow(platform, "first", judgedFlow("first", CONCURRENCY * workers));
    const calls = SHARED_ROWS * CALLS_PER_ROW;
    const ideal = (calls * LATENCY_MS) / CONCURRENCY / workers;
    const { seconds, verdict } = await telling(`${workers} app processes`, calls, platform, model, () =>
      runFlow(platform, "shared", judgedFlow("shared", SHARED_ROWS), ideal * 0.95),
    );
    if (verdict.outcome !== "pass") throw new Error(`The run did not pass: ${verdict.reasons.join(" ")}`);
    return seconds;
  });
}

async function manyRows(model: ModelStub): Promise<{ peak: number; seconds: number }> {
  model.change(SHORT_LATENCY_MS, 0);
  return withPlatform(1, model, async (platform) => {
    const { report, seconds } = await telling("memory", MANY_ROWS, platform, model, () =>
      runFlow(platform, "many", answeredFlow("many", MANY_ROWS), 30_000),
    );
    if (report.rowsUsed !== MANY_ROWS) throw new Error(`Only ${report.rowsUsed} rows were run.`);
    return { peak: await peakOf(platform), seconds };
  });
}

async function peakOf({ addresses }: PlatformProcess): Promise<number> {
  return Math.max(...(await Promise.all(addresses.appPids.map(peakMegabytes))));
}

/** Says on stderr how far a run has come, which takes minutes. */
async function telling<T>(
  what: string,
  calls: number,
  platform: PlatformProcess,
  model: ModelStub,
  work: () => Promise<T>,
): Promise<T> {
  const before = model.calls();
  const startedAt = performance.now();
  const tell = async (): Promise<void> => {
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const peak = Math.round(await peakOf(platform));
    console.error(`${what}: ${seconds} s, ${model.calls() - before} of ${calls} calls, peak ${peak} MB`);
  };
  const timer = setInterval(() => void tell(), TOLD_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await tell();
  }
}

async function withPlatform<T>(
  workers: number,
  model: ModelStub,
  work: (platform: PlatformProcess) => Promise<T>,
): Promise<T> {
  const flows = await writeFlowsFolder("warm-up", benchFlow("warm-up", 1));
  const platform = await startPlatformProcess({
    flows,
    workers,
    environment: {
      OPENAI_BASE_URL: model.baseUrl,
      OPENAI_API_KEY: "stub",
      FLOWGATE_MODEL: "stub",
      FLOWGATE_MODEL_CONCURRENCY: String(CONCURRENCY),
    },
  });
  try {
    return await work(platform);
  } finally {
    await platform.close();
    await rm(flows, { recursive: true, force: true });
  }
}

/** Each row answered and judged once, with a gate that only the last row decides. */
function judgedFlow(name: string, rows: number): Map<string, string> {
  return withEvaluation(name, rows, "relevance", '  relevance: { mean: ">= 3" }\n');
}

/** Each row answered once. */
function answeredFlow(name: string, rows: number): Map<string, string> {
  const files = withEvaluation(name, rows, "exact_match", "");
  const text = files.get("data.jsonl") ?? "";
  return files.set("data.jsonl", text.replaceAll('?"}', '?","ground_truth":"1.9 kg"}'));
}

function withEvaluation(name: string, rows: number, evaluator: string, gate: string): Map<string, string> {
  const flow = `name: ${name}
prompt: chat.prompty
evaluation:
  datasets: [data.jsonl]
  evaluators: [${evaluator}]
gate:
${gate}  latency: { max: "<= 60m" }
`;
  return new Map([...benchFlow(name, rows), ["flow.yaml", flow]]);
}
