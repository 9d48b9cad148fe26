import { NotFoundError } from "../errors.ts";
import { isFlowName } from "../model/flow-name.ts";
import type { CurrentRun, FlowSource, IntakeState } from "../model/intake.ts";
import type { ReleasePointer } from "../model/release.ts";
import type { ReportView } from "../model/report-view.ts";
import type { Report, RunPlan, Verdict } from "../model/run.ts";
import type { FlowStatus, RunDetail, RunStatus } from "../model/status.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { readJson } from "./json-blob.ts";
import { registryPath } from "./paths.ts";
import { countProgress } from "./count-progress.ts";

/** The flows the registry knows, by name. */
export async function listFlows(store: BlobStore): Promise<string[]> {
  const folders = await store.listFolders("registry", "");
  return folders.filter((name) => !name.startsWith("."));
}

/**
 * What serves, what changed last and what became of it; with a proposal's name, of that proposal. Throws
 * `NotFoundError` listing the known flows.
 */
export async function flowStatus(store: BlobStore, flow: string, proposal?: string): Promise<FlowStatus> {
  await checkName(store, flow);
  const isProposal = proposal !== undefined;
  if (isProposal && !isFlowName(proposal)) throw new NotFoundError("No proposal has such a name.");
  const source: FlowSource = isProposal
    ? { container: "proposals", proposal, flow }
    : { container: "flows", flow };
  const [release, change, current] = await Promise.all([
    readJson<ReleasePointer>(store, "registry", registryPath.release(flow)),
    readJson<IntakeState>(store, "registry", registryPath.intake(source)),
    readJson<CurrentRun>(store, "registry", registryPath.currentRun(source)),
  ]);
  if (isProposal && !change) throw new NotFoundError(`Flow "${flow}" has no proposal ${proposal}.`);
  // A flow that so far only proposals know is listed, with nothing in it.
  if (!release && !change) await checkFlow(store, flow);
  const pointed = current && (await runStatus(store, flow, current.value.run));
  // A refused or newer change has no run of its own; what became of an older change's would mislead.
  const isCurrent = current?.value.sequence === change?.value.sequence;
  return {
    flow,
    release: release?.value,
    change: change?.value,
    run: isCurrent ? pointed : undefined,
    ...(!isCurrent && pointed?.state === "running" && { earlierRun: pointed }),
  };
}

export async function runDetail(store: BlobStore, flow: string, run: string): Promise<RunDetail> {
  await checkName(store, flow);
  const status = /^[\w-]{1,64}$/.test(run) ? await runStatus(store, flow, run) : undefined;
  if (!status)
    throw new NotFoundError(`Flow "${flow}" has no run ${run}. \`flowgate history\` lists its runs.`);
  const [report, view] = await Promise.all([
    readJson<Report>(store, "registry", registryPath.report(flow, run)),
    readJson<ReportView>(store, "registry", registryPath.reportView(flow, run)),
  ]);
  return { ...status, report: report?.value, view: view?.value };
}

/** Undefined where no such run was planned. */
export async function runStatus(store: BlobStore, flow: string, run: string): Promise<RunStatus | undefined> {
  const plan = await readJson<RunPlan>(store, "registry", registryPath.plan(flow, run));
  if (!plan) return undefined;
  const verdict = await readJson<Verdict>(store, "registry", registryPath.verdict(flow, run));
  if (verdict) {
    const state = verdict.value.outcome === "error" ? "error" : "completed";
    return { plan: plan.value, shardsDone: plan.value.shards.length, state, verdict: verdict.value };
  }
  return {
    plan: plan.value,
    ...(await countProgress(store, plan.value)),
    state: (await isOvertaken(store, plan.value)) ? "superseded" : "running",
    verdict: undefined,
  };
}

/**
 * Whether nothing points at an undecided run any more. A run does not know the pull requests that propose what it
 * judges, and several may propose the same.
 */
async function isOvertaken(
  store: BlobStore,
  { flow, id, purpose, recertifyAfter }: RunPlan,
): Promise<boolean> {
  const sources: FlowSource[] =
    purpose === "proposal"
      ? (await store.listFolders("registry", registryPath.proposals(flow))).map((proposal) => ({
          container: "proposals",
          proposal,
          flow,
        }))
      : [{ container: "flows", flow }];
  const current = await Promise.all(
    sources.map((source) => readJson<CurrentRun>(store, "registry", registryPath.currentRun(source))),
  );
  const runs = current.flatMap((pointer) => (pointer ? [pointer.value.run] : []));
  return runs.length > 0 && !runs.includes(recertifyAfter ?? id);
}

/** Throws `NotFoundError` listing the known flows. */
export async function checkFlow(store: BlobStore, flow: string): Promise<void> {
  await checkName(store, flow);
  if (!(await listFlows(store)).includes(flow)) throw new NotFoundError(await unknownFlow(store, flow));
}

/** Asks storage only about what can be a name. Throws `NotFoundError`. */
export async function checkName(store: BlobStore, flow: string): Promise<void> {
  if (!isFlowName(flow)) throw new NotFoundError(await unknownFlow(store, flow.slice(0, 100)));
}

async function unknownFlow(store: BlobStore, flow: string): Promise<string> {
  const known = await listFlows(store);
  const hint = known.length === 0 ? "No flow was pushed yet." : `Known flows: ${known.join(", ")}.`;
  return `There is no flow "${flow}". ${hint}`;
}
