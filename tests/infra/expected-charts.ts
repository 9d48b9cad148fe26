import type { Answers } from "./expected-answers.ts";
import {
  answered,
  count,
  events,
  groupsInTime,
  inArms,
  metrics,
  of,
  percentile,
  total,
  turns,
} from "./expected-rows.ts";

const SLOT = 5;
const queueSlots = (name: string) => groupsInTime(metrics(name), SLOT, { queue: "queue" });

/** What the queries of charts over time are to answer. */
export const CHARTS: Answers = {
  annotations() {
    const releases = events("flowgate.release");
    return groupsInTime([...turns, ...releases], SLOT).map(({ timestamp, rows }) => {
      const high = count(rows.filter((row) => turns.includes(row)));
      const happened = rows.filter((row) => releases.includes(row)).map((row) => of(row, "release.kind"));
      const back = happened.some((kind) => ["aborting", "rolled_back", "blocked"].includes(kind));
      return {
        timestamp,
        turns: high,
        releases: happened.length > 0 ? Math.max(high, 1) : 0,
        taken_back: back ? Math.max(high, 1) : 0,
      };
    });
  },
  backlog: () =>
    queueSlots("flowgate.queue.messages").map(({ timestamp, named, rows }) => ({
      timestamp,
      ...named,
      messages: Math.max(...rows.map(({ valueMax = 0 }) => valueMax)),
    })),
  queues: () =>
    queueSlots("flowgate.queue.age").map(({ timestamp, named, rows }) => ({
      timestamp,
      ...named,
      seconds: Math.max(...rows.map(({ valueMax = 0 }) => valueMax)),
    })),
  "canary-failures": () =>
    groupsInTime(inArms, SLOT, { flow: "flow", arm: "arm" }).map(({ timestamp, named, rows }) => ({
      timestamp,
      series: `${named["flow"]} ${named["arm"]}`,
      failed_percent: (100 * count(rows.filter((row) => of(row, "error") !== ""))) / count(rows),
    })),
  "canary-latency": () =>
    groupsInTime(inArms, SLOT, { flow: "flow", arm: "arm" }).map(({ timestamp, named, rows }) => ({
      timestamp,
      series: `${named["flow"]} ${named["arm"]}`,
      p95_ms: percentile(rows, 0.95),
    })),
  cost: () =>
    groupsInTime(metrics("flowgate.model.cost"), 60, {
      flow: "flow",
      model: "gen_ai.request.model",
      purpose: "purpose",
    }).map(({ timestamp, named, rows }) => ({ timestamp, ...named, cost_usd: total(rows) })),
  "first-token": () => {
    const wait = (row: (typeof turns)[number]): number => Number(of(row, "time_to_first_token_ms"));
    const waited = turns.filter((row) => of(row, "time_to_first_token_ms") !== "");
    return groupsInTime(waited, SLOT).map(({ timestamp, rows }) => ({
      timestamp,
      p50: percentile(rows, 0.5, wait),
      p95: percentile(rows, 0.95, wait),
      p99: percentile(rows, 0.99, wait),
    }));
  },
  latency: () =>
    groupsInTime(answered, SLOT).map(({ timestamp, rows }) => ({
      timestamp,
      p50: percentile(rows, 0.5),
      p95: percentile(rows, 0.95),
      p99: percentile(rows, 0.99),
    })),
  "online-quality": () =>
    groupsInTime(events("gen_ai.evaluation.result"), 60, { version: "version" }).map(
      ({ timestamp, named, rows }) => {
        const bad = rows.filter((row) => of(row, "gen_ai.evaluation.score.label") === "fail");
        return {
          timestamp,
          series: `shop groundedness ${named["version"]}`,
          failing_percent: (100 * count(bad)) / count(rows),
        };
      },
    ),
  "quality-over-time": () =>
    events("flowgate.run.requirement")
      .filter((row) => of(row, "metric") === "groundedness")
      .flatMap((row) => {
        const timestamp = new Date(row.timestamp);
        const series = `shop ${of(row, "statistic")} ${of(row, "requirement")}`;
        return [
          { timestamp, series, value: Number(of(row, "value")) },
          { timestamp, series: `${series} needed`, value: Number(of(row, "threshold")) },
        ];
      }),
  throttled: () =>
    groupsInTime(
      metrics("flowgate.model.failed_attempt").filter((row) =>
        ["throttled", "quota"].includes(of(row, "error")),
      ),
      SLOT,
      { model: "gen_ai.request.model", purpose: "purpose", error: "error" },
    ).map(({ timestamp, named, rows }) => ({ timestamp, ...named, tries: total(rows) })),
  traffic: () =>
    groupsInTime(turns, SLOT, { outcome: "outcome" }).map(({ timestamp, named, rows }) => ({
      timestamp,
      ...named,
      turns: count(rows),
    })),
};
