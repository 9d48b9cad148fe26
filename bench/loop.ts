import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { BlobServiceClient } from "@azure/storage-blob";
import { createManagementApi } from "../cli/management-api.ts";
import { quantile } from "../shared/statistics/quantile.ts";
import { benchFlow, benchPrompt, writeFlowsFolder } from "./bench-flow.ts";
import { round } from "./bench-result.ts";
import type { BenchResult } from "./bench-result.ts";
import { startModelStub } from "./model-stub.ts";
import type { ModelStub } from "./model-stub.ts";
import { residentMegabytes, startPlatformProcess } from "./platform-process.ts";
import type { PlatformProcess } from "./platform-process.ts";

const ROWS = 200;
const CALLS_PER_ROW = 3;
const LATENCY_MS = 50;
const CONCURRENCY = 32;
const CHANGES = 40;

/** The loop from an upload to a verdict, on a platform started as a user starts it. */
export async function run(): Promise<BenchResult> {
  const model = await startModelStub(LATENCY_MS);
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
    await verdictOf(platform, "warm-up");
    const firstCalls = await measureFirstCalls(platform, model);
    const { seconds, calls } = await measureVerdict(platform, model);
    const ideal = (ROWS * CALLS_PER_ROW * LATENCY_MS) / CONCURRENCY / 1000;
    const [appPid = 0] = platform.addresses.appPids;
    return {
      figures: {
        ready_s: {
          value: round(platform.readySeconds),
          bound: "seconds from process start to local.json: loading of the modules of emulator, host and app",
        },
        first_call_p50_ms: {
          value: round(quantile(firstCalls, 0.5) ?? 0),
          bound:
            "upload of .commit.json to the first model call: about thirty storage requests, one after another",
        },
        first_call_p95_ms: { value: round(quantile(firstCalls, 0.95) ?? 0), bound: "as above" },
        verdict_over_ideal: {
          value: round(seconds / ideal),
          bound: `upload to verdict over rows x calls x latency / concurrency = ${ideal} s; the emulator's writes and one core for the app`,
        },
        host_rss_mb: {
          value: round(await residentMegabytes(platform.addresses.pid)),
          bound: "host with storage emulator, topic and telemetry sink; the model is the bench's own",
        },
        app_rss_mb: {
          value: round(await residentMegabytes(appPid)),
          bound: "the app process after the runs: SDKs and telemetry, most of it code",
        },
      },
      measured: `1 start, ${firstCalls.length} changes to their first call, 1 run of ${ROWS} rows with ${calls} model calls`,
    };
  } finally {
    await platform.close();
    await model.close();
    await rm(flows, { recursive: true, force: true });
  }
}

async function measureFirstCalls(platform: PlatformProcess, model: ModelStub): Promise<number[]> {
  const name = "first-call";
  const files = benchFlow(name, 1);
  await upload(platform, name, files);
  await verdictOf(platform, name);
  const times: number[] = [];
  for (let edition = 1; edition <= CHANGES; edition++) {
    files.set("chat.prompty", benchPrompt(edition));
    const called = model.nextCall();
    const uploadedAt = await upload(platform, name, files);
    times.push((await called) - uploadedAt);
    await verdictOf(platform, name, edition + 1);
  }
  return times.sort((a, b) => a - b);
}

async function measureVerdict(
  platform: PlatformProcess,
  model: ModelStub,
): Promise<{ seconds: number; calls: number }> {
  const name = "two-hundred-rows";
  const before = model.calls();
  const uploadedAt = await upload(platform, name, benchFlow(name, ROWS));
  await verdictOf(platform, name);
  return { seconds: (performance.now() - uploadedAt) / 1000, calls: model.calls() - before };
}

/** Uploads with the storage client, as any client would; returns when the closing write was begun. */
async function upload(
  platform: PlatformProcess,
  flow: string,
  files: ReadonlyMap<string, string>,
): Promise<number> {
  const container = BlobServiceClient.fromConnectionString(platform.addresses.storage).getContainerClient(
    "flows",
  );
  for (const [file, text] of files) {
    await container.getBlockBlobClient(`${flow}/${file}`).upload(text, Buffer.byteLength(text));
  }
  const commit = JSON.stringify({ pushId: randomUUID(), message: "bench" });
  const begun = performance.now();
  await container.getBlockBlobClient(`${flow}/.commit.json`).upload(commit, Buffer.byteLength(commit));
  return begun;
}

/** Waits for the verdict of the flow's change number `sequence`; throws where it is not a pass. */
async function verdictOf(platform: PlatformProcess, flow: string, sequence = 1): Promise<void> {
  const { host, key } = platform.addresses;
  const api = createManagementApi({ url: host, key }, AbortSignal.timeout(120_000));
  for (;;) {
    const status = await api.flow(flow).catch(() => undefined);
    const verdict = status?.run?.verdict;
    if (status?.change?.outcome.kind === "refused") {
      throw new Error(`The bench's flow was refused: ${JSON.stringify(status.change.outcome.diagnostics)}`);
    }
    if (verdict && (status.change?.sequence ?? 0) >= sequence && status.release?.entry.run === verdict.run) {
      if (verdict.outcome !== "pass")
        throw new Error(`The bench's run did not pass: ${verdict.reasons.join(" ")}`);
      return;
    }
    await sleep(10);
  }
}
