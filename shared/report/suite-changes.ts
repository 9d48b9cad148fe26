import type { Changes } from "../model/changes.ts";
import type { GateRequirement } from "../model/flow.ts";
import type { SuiteManifest } from "../model/version.ts";
import { fileChanges, type SnapshotFiles } from "./file-changes.ts";
import { settingChanges } from "./setting-changes.ts";

/** What a version is judged by. */
export interface SuiteSnapshot extends SnapshotFiles {
  definition: SuiteManifest["definition"];
  /** Undefined where no platform has fixed one: a folder on this machine. */
  judge: SuiteManifest["judge"]["model"] | undefined;
}

/** What changed from one suite to another: rows line by line, evaluators, trials, gate, and who judges. */
export async function suiteChanges(before: SuiteSnapshot, after: SuiteSnapshot): Promise<Changes> {
  const judges = before.judge !== undefined && after.judge !== undefined;
  return {
    ...(await fileChanges(before, after, () => "dataset")),
    settings: settingChanges(settingsOf(before, judges), settingsOf(after, judges)),
  };
}

function settingsOf({ definition, judge }: SuiteSnapshot, judges: boolean): Record<string, unknown> {
  const { datasets, gate, ...others } = definition;
  return {
    ...others,
    datasets: Object.fromEntries(datasets.map(({ path, as }) => [path, as])),
    gate: Object.fromEntries(gate.map((line) => [`${line.metric}.${line.statistic}`, gateWords(line)])),
    ...(judges && { judge }),
  };
}

function gateWords({ threshold, noWorseThan }: GateRequirement): string {
  const accepted =
    noWorseThan && ("absolute" in noWorseThan ? noWorseThan.absolute : `${noWorseThan.relative * 100} %`);
  return [
    threshold && `${threshold.comparison} ${threshold.value}`,
    accepted !== undefined && `no worse than production by more than ${accepted}`,
  ]
    .filter(Boolean)
    .join(", ");
}
