import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createBlobStore } from "../shared/adapters/azure/blob-store.ts";
import type { CurrentRun } from "../shared/model/intake.ts";
import type { Report, RunPlan, Verdict } from "../shared/model/run.ts";
import type { ReleasePointer } from "../shared/model/release.ts";
import type { BlobStore } from "../shared/ports/blob-store.ts";
import { readJson } from "../shared/registry/json-blob.ts";
import { registryPath } from "../shared/registry/paths.ts";
import type { PlatformProcess } from "./platform-process.ts";

/** A run that was decided. */
export interface DecidedRun {
  plan: RunPlan;
  verdict: Verdict;
  report: Report;
  /** From the run's plan to its verdict in storage. */
  seconds: number;
}

const POLL_MS = 20;
const LONGEST_MS = 60 * 60_000;

/**
 * Uploads files of a flow, as any storage client would, and waits for the verdict by reading storage: the app processes
 * do nothing for who waits. `idleMs`: how long no verdict can be there. Files not named stay as they are.
 */
export async function runFlow(
  platform: PlatformProcess,
  flow: string,
  files: ReadonlyMap<string, string>,
  idleMs = 0,
): Promise<DecidedRun> {
  const store = createBlobStore({ connectionString: platform.addresses.storage });
  const before = await currentRun(store, flow);
  for (const [file, text] of files) await store.write("flows", `${flow}/${file}`, text);
  await store.write("flows", `${flow}/.commit.json`, JSON.stringify({ pushId: randomUUID() }));
  const uploadedAt = Date.now();
  for (let run = await currentRun(store, flow); Date.now() - uploadedAt < LONGEST_MS; await sleep(POLL_MS)) {
    if (run === undefined || run === before) {
      run = await currentRun(store, flow);
      if (run !== undefined && run !== before) await sleep(idleMs);
      continue;
    }
    const verdict = await readJson<Verdict>(store, "registry", registryPath.verdict(flow, run));
    if (!verdict) continue;
    const seenAt = Date.now();
    const plan = await readJson<RunPlan>(store, "registry", registryPath.plan(flow, run));
    const report = await readJson<Report>(store, "registry", registryPath.report(flow, run));
    if (!plan || !report)
      throw new Error(`Run ${run} has a verdict and no report: ${verdict.value.reasons.join(" ")}`);
    const seconds = (seenAt - Date.parse(plan.value.plannedAt)) / 1000;
    return { plan: plan.value, verdict: verdict.value, report: report.value, seconds };
  }
  throw new Error(`The flow ${flow} had no verdict in time.`);
}

/** Waits until the run's version serves. */
export async function untilReleased(platform: PlatformProcess, { plan }: DecidedRun): Promise<void> {
  const store = createBlobStore({ connectionString: platform.addresses.storage });
  for (;;) {
    const pointer = await readJson<ReleasePointer>(store, "registry", registryPath.release(plan.flow));
    if (pointer?.value.stable?.run === plan.id) return;
    await sleep(POLL_MS);
  }
}

async function currentRun(store: BlobStore, flow: string): Promise<string | undefined> {
  const name = registryPath.currentRun({ container: "flows", flow });
  return (await readJson<CurrentRun>(store, "registry", name))?.value.run;
}
