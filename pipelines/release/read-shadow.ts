import type { ShadowComparison } from "../../shared/model/shadow.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { readJson } from "../../shared/registry/json-blob.ts";
import { trafficPath } from "../../shared/registry/paths.ts";
import { preferenceEvidence } from "../../shared/statistics/preference-evidence.ts";
import type { ShadowEvidence } from "./evidence.ts";

/** Reads what turns that both versions answered were found to be worth. A blob is read once: none is ever changed. */
export function createShadowReader(
  store: BlobStore,
): (flow: string, rollout: string, noWorseThan: number) => Promise<ShadowEvidence> {
  /** By flow: what its rollout under way showed, by blob. */
  const readings = new Map<string, { rollout: string; values: Map<string, number[]> }>();
  return async (flow, rollout, noWorseThan) => {
    const before = readings.get(flow);
    const reading = before?.rollout === rollout ? before : { rollout, values: new Map<string, number[]>() };
    readings.set(flow, reading);
    const { values: known } = reading;
    for await (const { name } of store.list("traffic", trafficPath.shadows(flow, rollout))) {
      if (known.has(name)) continue;
      const comparison = (await readJson<ShadowComparison>(store, "traffic", name))?.value;
      known.set(name, comparison?.turns.flatMap(({ preference }) => preference ?? []) ?? []);
    }
    const values = [...known.values()].flat();
    const { above, below } = preferenceEvidence(values, 0.5 - noWorseThan);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { turns: values.length, mean, noWorse: above, worse: below };
  };
}
