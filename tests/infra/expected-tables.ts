import type { Answers } from "./expected-answers.ts";
import {
  count,
  events,
  failed,
  groups,
  inArms,
  metrics,
  of,
  percentile,
  total,
  turns,
} from "./expected-rows.ts";

const VERSION = { flow: "flow", version: "version" };
const cost = (row: (typeof turns)[number]): number => Number(of(row, "cost"));
const at = ({ timestamp }: (typeof turns)[number]) => ({ timestamp: new Date(timestamp) });
/** Columns that are keys of Flowgate, as texts; and as numbers. */
const texts = (row: (typeof turns)[number], keys: Record<string, string>) =>
  Object.fromEntries(Object.entries(keys).map(([column, key]) => [column, of(row, key)]));
const numbers = (row: (typeof turns)[number], keys: Record<string, string>) =>
  Object.fromEntries(Object.entries(keys).map(([column, key]) => [column, Number(of(row, key))]));

/** What the queries of tables, and of what can be chosen, are to answer. */
export const TABLES: Answers = {
  flows: () => [{ flow: "shop" }],
  metrics: () => groups(events("flowgate.run.requirement"), { metric: "metric" }).map(({ named }) => named),
  canary: () =>
    groups(inArms, { flow: "flow", arm: "arm", version: "version" }).map(({ named, rows }) => {
      const bad = count(rows.filter((row) => failed.includes(row)));
      const priced = rows.filter((row) => of(row, "cost") !== "");
      const spent = priced.reduce((sum, row) => sum + cost(row) * row.itemCount, 0);
      return {
        ...named,
        turns: count(rows),
        failed: bad,
        p50_ms: percentile(rows, 0.5),
        p95_ms: percentile(rows, 0.95),
        mean_cost_usd: spent / count(priced),
        failed_share: bad / count(rows),
      };
    }),
  errors: () =>
    groups(failed, { ...VERSION, error: "error", outcome: "outcome" }).map(({ named, rows }) => ({
      ...named,
      turns: count(rows),
    })),
  feedback: () =>
    groups(events("flowgate.feedback"), VERSION).map(({ named, rows }) => {
      const [up, down] = ["up", "down"].map((rating) =>
        count(rows.filter((row) => of(row, "rating") === rating)),
      );
      return { ...named, up, down, down_share: (down ?? 0) / count(rows) };
    }),
  filters: () =>
    groups(
      metrics("flowgate.model.failed_attempt").filter((row) => of(row, "error") === "content_filter"),
      { ...VERSION, purpose: "purpose" },
    ).map(({ named, rows }) => ({ ...named, refused: total(rows) })),
  guardrails: () =>
    groups(events("flowgate.guardrail.blocked"), {
      ...VERSION,
      guardrail: "guardrail",
      stage: "guardrail.stage",
      category: "guardrail.category",
    }).map(({ named, rows }) => ({ ...named, turns: count(rows) })),
  "online-scores": () =>
    groups(events("gen_ai.evaluation.result"), { ...VERSION, metric: "gen_ai.evaluation.name" }).map(
      ({ named, rows }) => {
        const score = (row: (typeof turns)[number]) => Number(of(row, "gen_ai.evaluation.score.value"));
        return {
          ...named,
          mean: rows.reduce((sum, row) => sum + score(row) * row.itemCount, 0) / count(rows),
          scored: count(rows),
          failing: count(rows.filter((row) => of(row, "gen_ai.evaluation.score.label") === "fail")),
        };
      },
    ),
  poison: () =>
    events("flowgate.message.poisoned").map((row) => ({
      ...at(row),
      ...texts(row, { queue: "queue", flow: "flow" }),
    })),
  quality: () =>
    events("flowgate.run.requirement").map((row) => ({
      ...at(row),
      ...texts(row, {
        ...VERSION,
        metric: "metric",
        statistic: "statistic",
        requirement: "requirement",
        comparison: "comparison",
        outcome: "outcome",
      }),
      ...numbers(row, { value: "value", threshold: "threshold" }),
    })),
  refusals: () =>
    events("flowgate.change.refused").map((row) => ({
      ...at(row),
      ...texts(row, { flow: "flow", container: "container" }),
      ...numbers(row, { problems: "problems" }),
    })),
  releases: () =>
    events("flowgate.release").map((row) => ({
      ...at(row),
      ...texts(row, {
        ...VERSION,
        happened: "release.kind",
        from_version: "from",
        state: "release.state",
        actor: "actor",
      }),
      ...numbers(row, { weight: "weight" }),
    })),
  runs: () =>
    events("flowgate.run.completed").map((row) => ({
      ...at(row),
      ...texts(row, { ...VERSION, run: "run", purpose: "purpose", verdict: "verdict" }),
      ...numbers(row, { rows: "rows", calls: "calls.made", saved: "calls.saved" }),
      seconds: Number(of(row, "duration_ms")) / 1000,
    })),
  tokens: () =>
    groups(metrics("gen_ai.client.token.usage"), {
      flow: "flow",
      model: "gen_ai.request.model",
      purpose: "purpose",
      token_type: "gen_ai.token.type",
    }).map(({ named, rows }) => ({ ...named, tokens: total(rows) })),
  versions: () =>
    groups(turns, VERSION).map(({ named, rows }) => {
      const well = count(rows.filter((row) => of(row, "outcome") === "answered"));
      return {
        ...named,
        turns: count(rows),
        answered: well,
        p95_ms: percentile(rows, 0.95),
        cost_usd: rows.reduce((sum, row) => sum + cost(row) * row.itemCount, 0),
        answered_share: well / count(rows),
      };
    }),
};
