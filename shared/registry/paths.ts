import type { FlowSource } from "../model/intake.ts";

/** Every name in the containers `registry` and `cache`, in one place. `flow` names are checked at intake. */
export const registryPath = {
  intake: (source: FlowSource): string =>
    source.container === "flows"
      ? `${source.flow}/intake.json`
      : `${source.flow}/proposals/${source.proposal}/intake.json`,
  currentRun: (source: FlowSource): string =>
    source.container === "flows"
      ? `${source.flow}/current-run.json`
      : `${source.flow}/proposals/${source.proposal}/current-run.json`,
  /** A folder for each proposal. */
  proposals: (flow: string): string => `${flow}/proposals/`,
  refusals: (flow: string): string => `${flow}/refusals/`,
  /** A proposal counts its changes by itself, so its refusals lie apart from those of the flow. */
  refusal: (source: FlowSource, sequence: number): string => {
    const folder = source.container === "flows" ? source.flow : `${source.flow}/proposals/${source.proposal}`;
    return `${folder}/refusals/${String(sequence).padStart(10, "0")}.json`;
  },
  superseded: (flow: string): string => `${flow}/superseded/`,
  supersededChange: (flow: string, sequence: number): string =>
    `${flow}/superseded/${String(sequence).padStart(10, "0")}.json`,
  version: (flow: string, id: string): string => `${flow}/versions/${id}/manifest.json`,
  versionFile: (flow: string, id: string, path: string): string => `${flow}/versions/${id}/files/${path}`,
  /** Vectors of knowledge by model and content: versions with the same knowledge share them. */
  vectors: (flow: string, key: string): string => `${flow}/vectors/${key}.bin`,
  suite: (flow: string, id: string): string => `${flow}/suites/${id}/manifest.json`,
  suiteFile: (flow: string, id: string, path: string): string => `${flow}/suites/${id}/files/${path}`,
  suiteRows: (flow: string, id: string, bucket: string): string =>
    `${flow}/suites/${id}/rows/${bucket}.jsonl`,
  suiteLabels: (flow: string, id: string): string => `${flow}/suites/${id}/labels.jsonl`,
  plan: (flow: string, run: string): string => `${flow}/runs/${run}/plan.json`,
  shards: (flow: string, run: string): string => `${flow}/runs/${run}/shards/`,
  shard: (flow: string, run: string, shard: string): string => `${flow}/runs/${run}/shards/${shard}.jsonl`,
  /** How many rows of a shard that is not in are done. */
  rowNotes: (flow: string, run: string): string => `${flow}/runs/${run}/rows/`,
  shardRows: (flow: string, run: string, shard: string): string => `${flow}/runs/${run}/rows/${shard}.json`,
  /** How far the verdict has come while results come in. */
  fold: (flow: string, run: string): string => `${flow}/runs/${run}/fold.json`,
  report: (flow: string, run: string): string => `${flow}/runs/${run}/report.json`,
  reportMarkdown: (flow: string, run: string): string => `${flow}/runs/${run}/report.md`,
  reportHtml: (flow: string, run: string): string => `${flow}/runs/${run}/report.html`,
  /** The report as people read it, which the Markdown and the page were made from. */
  reportView: (flow: string, run: string): string => `${flow}/runs/${run}/view.json`,
  verdict: (flow: string, run: string): string => `${flow}/runs/${run}/verdict.json`,
  /** Written once the release stage has acted on the verdict: a verdict delivered twice is acted on once. */
  decision: (flow: string, run: string): string => `${flow}/runs/${run}/decision.json`,
  /** A blob for each process that spent on the run; on the flow's runs, and on its clients, in a day (yyyy-mm-dd, UTC). */
  runSpend: (flow: string, run: string): string => `${flow}/runs/${run}/spend/`,
  chatSpend: (flow: string, day: string): string => `${flow}/spend/chat/${day}/`,
  daySpend: (flow: string, day: string): string => `${flow}/spend/${day}/`,
  release: (flow: string): string => `${flow}/release.json`,
  /** How production is watched, as the newest change that was accepted says. */
  monitoring: (flow: string): string => `${flow}/monitoring.json`,
  /** Signs the names of turns. */
  turnKey: ".turn-key.json",
  /** The last ledger entry whose event went out. */
  announced: (flow: string): string => `${flow}/announced.json`,
  /** Written to read the storage service's time. */
  clock: ".clock.json",
  ledger: (flow: string): string => `${flow}/ledger/`,
  ledgerEntry: (flow: string, sequence: number): string =>
    `${flow}/ledger/${String(sequence).padStart(10, "0")}.json`,
  poison: (queue: string, id: string): string => `.poison/${queue}/${id}.json`,
} as const;

/** The names in the container `traffic`. */
export const trafficPath = {
  rollups: (flow: string): string => `${flow}/rollups/`,
  /** `hour` and `minute` as in ISO 8601, UTC: 2026-11-26T16 and 05. */
  rollupHour: (flow: string, hour: string): string => `${flow}/rollups/${hour}/`,
  rollup: (flow: string, hour: string, minute: string, instance: string): string =>
    `${flow}/rollups/${hour}/${minute}-${instance}.jsonl`,
  /** An hour's rollups added up, once it is over. */
  hours: (flow: string): string => `${flow}/hours/`,
  hour: (flow: string, hour: string): string => `${flow}/hours/${hour}.json`,
  /** What is deleted by age: its folders are named by the day (yyyy-mm-dd, UTC) of the turns. */
  kept: (flow: string, kind: KeptTraffic): string => `${flow}/${kind}/`,
  keptDay: (flow: string, kind: KeptTraffic, day: string): string => `${flow}/${kind}/${day}/`,
  /** `minute` as HH-MM. */
  turns: (flow: string, day: string, minute: string, instance: string): string =>
    `${flow}/turns/${day}/${minute}-${instance}.jsonl`,
  turnsOfMinute: (flow: string, day: string, minute: string): string => `${flow}/turns/${day}/${minute}-`,
  /** Of the turns that one message named. */
  scores: (flow: string, day: string, batch: string): string => `${flow}/scores/${day}/${batch}.json`,
  allShadows: (flow: string): string => `${flow}/shadow/`,
  /** Turns that both versions of a rollout answered. */
  shadows: (flow: string, rollout: string): string => `${flow}/shadow/${rollout}/`,
  shadow: (flow: string, rollout: string, batch: string): string => `${flow}/shadow/${rollout}/${batch}.json`,
  feedback: (flow: string, day: string, turn: string): string => `${flow}/feedback/${day}/${turn}.json`,
  proposal: (flow: string, day: string, turn: string): string => `${flow}/proposals/${day}/${turn}.json`,
} as const;

export type KeptTraffic = "turns" | "scores" | "feedback" | "proposals";

export const cachePath = {
  allResults: (flow: string): string => `${flow}/results/`,
  results: (flow: string, version: string, bucket: string): string =>
    `${flow}/results/${version}/${bucket}.jsonl`,
  recentVectors: (flow: string, model: string): string => `${flow}/vectors/${model}.json`,
} as const;
