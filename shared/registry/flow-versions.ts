import { NotFoundError } from "../errors.ts";
import { isFlowName } from "../model/flow-name.ts";
import type { RunRows, VersionDetail, VersionRun } from "../model/status.ts";
import { LABELS_SHARD } from "../model/judged-answer.ts";
import type { RowResult, RunPlan } from "../model/run.ts";
import type { SuiteManifest } from "../model/version.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { flowStatus } from "./flow-status.ts";
import { readJson } from "./json-blob.ts";
import { readLedger } from "./ledger.ts";
import { registryPath } from "./paths.ts";
import { readSuite, readVersion } from "./version-store.ts";

const ID = /^[\w-]{1,64}$/;
const MOST_ROWS = 200;
/** A page ends with the row that goes beyond it. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

/** A version and the runs that judged it, newest first. Throws `NotFoundError`. */
export async function versionDetail(store: BlobStore, flow: string, version: string): Promise<VersionDetail> {
  checkNames(flow, version);
  const manifest = await readVersion(store, flow, version);
  const [entries, status] = await Promise.all([readLedger(store, flow), flowStatus(store, flow)]);
  const runs = new Map<string, VersionRun>();
  const plan = status.run?.plan;
  if (plan?.version === version) runs.set(plan.id, { run: plan.id, suite: plan.suite });
  for (const entry of entries.toReversed()) {
    const { run, suite } = entry;
    if (entry.version === version && run !== undefined && suite !== undefined) runs.set(run, { run, suite });
  }
  return { manifest, runs: [...runs.values()] };
}

export async function suiteDetail(store: BlobStore, flow: string, suite: string): Promise<SuiteManifest> {
  checkNames(flow, suite);
  return readSuite(store, flow, suite);
}

/** A file of a version or a suite, by a path of its manifest. Throws `NotFoundError` for any other. */
export async function snapshotFile(
  store: BlobStore,
  kind: "version" | "suite",
  flow: string,
  id: string,
  path: string,
): Promise<Buffer> {
  checkNames(flow, id);
  const { files } = await (kind === "version" ? readVersion : readSuite)(store, flow, id);
  const pathOf = kind === "version" ? registryPath.versionFile : registryPath.suiteFile;
  const known = files.some((file) => file.path === path);
  const blob = known ? await store.read("registry", pathOf(flow, id, path)) : undefined;
  if (blob) return blob.body;
  const names = files.slice(0, 20).map((file) => file.path);
  throw new NotFoundError(`${kind} ${id} has no file ${path}. It has: ${names.join(", ")}.`);
}

/**
 * A page of a run's rows: those of one shard (the plan's first by default) from `offset` on. Reads one blob; a shard
 * that never ran, because the verdict was certain before, has none. Contexts are long, and left out unless asked for.
 */
export async function runRows(
  store: BlobStore,
  flow: string,
  run: string,
  page: { shard: string | undefined; offset: number; top: number; context: boolean },
): Promise<RunRows> {
  checkNames(flow, run);
  const plan = await readJson<RunPlan>(store, "registry", registryPath.plan(flow, run));
  if (!plan)
    throw new NotFoundError(`Flow "${flow}" has no run ${run}. \`flowgate history\` lists its runs.`);
  // Answers that people labelled are no rows of the suite.
  const shards = plan.value.shards.filter((shard) => shard !== LABELS_SHARD);
  const shard = page.shard ?? shards[0];
  if (shard === undefined) return { shard: undefined, rows: [], next: undefined };
  const index = shards.indexOf(shard);
  if (index < 0) throw new NotFoundError(`Run ${run} has no shard ${shard.slice(0, 64)}.`);
  const blob = await store.read("registry", registryPath.shard(flow, run, shard));
  const lines = blob === undefined ? [] : blob.body.toString("utf8").split("\n").filter(Boolean);
  const rows: RowResult[] = [];
  let characters = 0;
  // At least one: who follows `next` gets on.
  const most = Math.min(Math.max(1, page.top), MOST_ROWS);
  for (const line of lines.slice(page.offset, page.offset + most)) {
    if (characters > MOST_CHARACTERS) break;
    characters += line.length;
    const row = JSON.parse(line) as RowResult;
    rows.push(page.context ? row : withoutContext(row));
  }
  const end = page.offset + rows.length;
  const following = shards[index + 1];
  return {
    shard,
    rows,
    next:
      end < lines.length
        ? { shard, offset: end }
        : following === undefined
          ? undefined
          : { shard: following, offset: 0 },
  };
}

function withoutContext(result: RowResult): RowResult {
  const { candidate, baseline } = result;
  return {
    ...result,
    candidate: { ...candidate, context: undefined },
    baseline: baseline && { ...baseline, context: undefined },
  };
}

/** Asks storage only about what can be a name. */
function checkNames(flow: string, id: string): void {
  if (isFlowName(flow) && ID.test(id)) return;
  throw new NotFoundError(`There is no ${id.slice(0, 64)} of a flow "${flow.slice(0, 64)}".`);
}
