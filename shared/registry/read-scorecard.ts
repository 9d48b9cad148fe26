import type { ReleasePointer } from "../model/release.ts";
import type { Scorecard } from "../model/scorecard.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { reportView } from "../report/report-view.ts";
import { scorecard, type ScorecardSources } from "../report/scorecard.ts";
import { runDetail } from "./flow-status.ts";
import { suiteDetail, versionDetail } from "./flow-versions.ts";
import { readJson } from "./json-blob.ts";
import { chainHolds, readLedger } from "./ledger.ts";
import { registryPath } from "./paths.ts";

/** A version's scorecard, from what is stored of it now. Throws `NotFoundError`. */
export async function readScorecard(store: BlobStore, flow: string, version: string): Promise<Scorecard> {
  const { manifest, runs } = await versionDetail(store, flow, version);
  const [ledger, release, judged] = await Promise.all([
    readLedger(store, flow),
    readJson<ReleasePointer>(store, "registry", registryPath.release(flow)),
    lastJudged(store, flow, runs),
  ]);
  const serving = release?.value.stable?.version;
  return scorecard({ manifest, judged, ledger, chainIntact: chainHolds(ledger), serving });
}

/** The newest of the runs that has come to a verdict. */
async function lastJudged(
  store: BlobStore,
  flow: string,
  runs: readonly { run: string; suite: string }[],
): Promise<ScorecardSources["judged"]> {
  for (const { run, suite: id } of runs) {
    const { verdict, report, view } = await runDetail(store, flow, run);
    if (!verdict || !report) continue;
    const suite = await suiteDetail(store, flow, id);
    return {
      suite,
      verdict,
      report,
      view: view ?? reportView(report, verdict, suite.definition, undefined),
    };
  }
  return undefined;
}
