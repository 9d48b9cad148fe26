import type { SnapshotMessage } from "../../shared/messages/queue-messages.ts";
import { contentHash } from "../../shared/model/canonical.ts";
import type { ServedVersion } from "../../shared/model/release.ts";
import type { Report, RunPlan } from "../../shared/model/run.ts";
import type { SuiteManifest } from "../../shared/model/version.ts";
import { readJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { compareSuites } from "./compare-suites.ts";
import type { EvaluateDependencies } from "./evaluate-dependencies.ts";

/**
 * What is known before a run begins: what production measured on this suite with these models, where that was in full;
 * or, where production was certified on another suite, how the datasets differ.
 */
export async function whatIsKnown(
  { source, version }: SnapshotMessage,
  suite: SuiteManifest,
  stable: ServedVersion | undefined,
  { store, models }: Pick<EvaluateDependencies, "store" | "models">,
): Promise<Pick<RunPlan, "known" | "datasetChange" | "certifiedOn">> {
  if (!stable) return {};
  const { flow } = source;
  if (stable.suite !== suite.id) {
    const certified = await readJson<SuiteManifest>(
      store,
      "registry",
      registryPath.suite(flow, stable.suite),
    );
    if (!certified) return {};
    return {
      certifiedOn: stable.suite,
      datasetChange: await compareSuites(store, certified.value, suite),
    };
  }
  if (stable.version === version) return {};
  const report = await readJson<Report>(store, "registry", registryPath.report(flow, stable.run));
  if (!report || report.value.stoppedEarly || report.value.stoppedByBudget !== undefined) return {};
  const sameModels = contentHash(report.value.run.models) === contentHash(models);
  // Limits are taken from it before a row is in: it must be of every row.
  return sameModels ? { known: report.value.candidate.filter(({ missing }) => missing === 0) } : {};
}
