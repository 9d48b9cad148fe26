import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { benchFlow, writeFlowsFolder } from "./bench-flow.ts";
import { round } from "./bench-result.ts";
import type { BenchResult } from "./bench-result.ts";
import { measureLimited } from "./limited.ts";
import { startModelStub, type ModelStub } from "./model-stub.ts";
import { cpuMilliseconds, startPlatformProcess, type PlatformProcess } from "./platform-process.ts";
import { runFlow, untilReleased } from "./run-flow.ts";

const ROWS = 1_000;
const CALLS_PER_ROW = 2;
const CONCURRENCY = 32;
const FAILING = 0.03;
const FAILING_ROWS = 200;

/** One run of 1,000 rows, each answered and judged once, on a platform started as a user starts it. */
export async function run(): Promise<BenchResult> {
  const model = await startModelStub(500);
  const flows = await writeFlowsFolder("warm-up", benchFlow("warm-up", 1));
  const platform = await startPlatformProcess({
    flows,
    environment: {
      OPENAI_BASE_URL: model.baseUrl,
      OPENAI_API_KEY: "stub",
      FLOWGATE_MODEL: "stub",
      FLOWGATE_MODEL_CONCURRENCY: String(CONCURRENCY),
    },
  });
  try {
    await runFlow(platform, "first", evaluationFlow("first", 64));
    const slow = await measure(platform, model, 500);
    const fast = await measure(platform, model, 50);
    const changed = await measureChange(platform, model, fast.flow);
    const lost = await measureLost(platform, model);
    const limited = await measureLimited();
    const calls = ROWS * CALLS_PER_ROW;
    const ideal = `from the run's plan to its verdict in storage, over ${calls} calls x latency / ${CONCURRENCY}`;
    return {
      figures: {
        wall_over_ideal_500ms: { value: slow.overIdeal, bound: ideal },
        peer_openai_wall_over_ideal_500ms: {
          value: slow.peer.overIdeal,
          bound: "a bare loop over the openai client, same stub",
        },
        wall_over_ideal_50ms: { value: fast.overIdeal, bound: ideal },
        peer_openai_wall_over_ideal_50ms: { value: fast.peer.overIdeal, bound: "as above" },
        cpu_ms_per_call: {
          value: fast.cpuPerCall,
          bound: "CPU of the app process from upload to verdict over model calls, at 50 ms a call",
        },
        cpu_ms_per_call_500ms: { value: slow.cpuPerCall, bound: "the same at 500 ms a call" },
        peer_openai_cpu_ms_per_call: { value: fast.peer.cpuPerCall, bound: "CPU of the bare loop's process" },
        rows_lost: {
          value: lost.lost,
          bound: `of ${FAILING_ROWS} rows, ${lost.failed} of ${lost.calls} calls answered 500`,
        },
        calls_one_row_changed: {
          value: changed.calls,
          bound: "model calls after one row of 1,000 changed: its answer and its score",
        },
        one_row_changed_s: {
          value: changed.seconds,
          bound: "from the run's plan to its verdict, its calls (0.1 s) included",
        },
        limited_over_ideal: {
          value: round(limited.overIdeal),
          bound: "1,000 calls at a limit of 50/s (bench limited)",
        },
        wasted_429: { value: limited.wasted429, bound: "share of them answered 429" },
      },
      measured: `2 runs of ${ROWS} rows with ${slow.calls} and ${fast.calls} calls, 1 of ${FAILING_ROWS} rows with failures, 1 with one row changed`,
    };
  } finally {
    await platform.close();
    await model.close();
    await rm(flows, { recursive: true, force: true });
  }
}

interface Measured {
  flow: string;
  overIdeal: number;
  cpuPerCall: number;
  calls: number;
  peer: { overIdeal: number; cpuPerCall: number };
}

async function measure(platform: PlatformProcess, model: ModelStub, latencyMs: number): Promise<Measured> {
  model.change(latencyMs, 0);
  const ideal = (ROWS * CALLS_PER_ROW * latencyMs) / CONCURRENCY / 1000;
  const flow = `latency-${latencyMs}`;
  const [pid = 0] = platform.addresses.appPids;
  const cpuBefore = await cpuMilliseconds(pid);
  const decided = await runFlow(platform, flow, evaluationFlow(flow, ROWS), ideal * 950);
  const { made: calls } = decided.report.calls;
  const cpuMs = (await cpuMilliseconds(pid)) - cpuBefore;
  if (
    decided.verdict.outcome !== "pass" ||
    decided.report.rowsUsed !== ROWS ||
    calls !== ROWS * CALLS_PER_ROW
  ) {
    throw new Error(`Not the run that was meant: ${calls} calls, ${decided.verdict.reasons.join(" ")}`);
  }
  await untilReleased(platform, decided);
  const peer = await openaiLoop(model.baseUrl);
  return {
    flow,
    overIdeal: round(decided.seconds / ideal),
    cpuPerCall: round(cpuMs / calls),
    calls,
    peer: { overIdeal: round(peer.seconds / ideal), cpuPerCall: round(peer.cpuMs / calls) },
  };
}

async function openaiLoop(baseUrl: string): Promise<{ seconds: number; cpuMs: number }> {
  const script = path.join(import.meta.dirname, "openai-loop.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [
    script,
    baseUrl,
    String(ROWS),
    String(CONCURRENCY),
  ]);
  return JSON.parse(stdout) as { seconds: number; cpuMs: number };
}

async function measureChange(
  platform: PlatformProcess,
  model: ModelStub,
  flow: string,
): Promise<{ calls: number; seconds: number }> {
  const rows = evaluationFlow(flow, ROWS).get("data.jsonl") ?? "";
  const before = model.calls();
  const changed = new Map([["data.jsonl", rows.replace("What does item 7 weigh", "How heavy is item 7")]]);
  const { seconds } = await runFlow(platform, flow, changed);
  return { calls: model.calls() - before, seconds: round(seconds) };
}

async function measureLost(
  platform: PlatformProcess,
  model: ModelStub,
): Promise<{ lost: number; failed: number; calls: number }> {
  const before = { calls: model.calls(), failed: model.failed() };
  model.change(50, FAILING);
  const { report } = await runFlow(platform, "failing", evaluationFlow("failing", FAILING_ROWS));
  const score = report.candidate.find(({ metric }) => metric === "relevance");
  const flipped = (score?.rows ?? 0) - Math.round((score?.passRate ?? 0) * (score?.rows ?? 0));
  return {
    lost: FAILING_ROWS - (score?.scored ?? 0) + flipped,
    failed: model.failed() - before.failed,
    calls: model.calls() - before.calls,
  };
}

/** As the bench's flow, with one judge, and a gate that only the last row decides: no early stop shortens the run. */
function evaluationFlow(name: string, rows: number): Map<string, string> {
  const files = benchFlow(name, rows);
  const flow = `name: ${name}
prompt: chat.prompty
evaluation:
  datasets: [data.jsonl]
  evaluators: [relevance]
gate:
  relevance: { mean: ">= 3" }
  latency: { max: "<= 60m" }
`;
  return new Map([...files, ["flow.yaml", flow]]);
}
