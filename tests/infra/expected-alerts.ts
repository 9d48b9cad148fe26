import type { Answers } from "./expected-answers.ts";
import {
  answered,
  count,
  events,
  failed,
  groups,
  metrics,
  of,
  percentile,
  total,
  turns,
} from "./expected-rows.ts";

const attempts = metrics("flowgate.model.failed_attempt");
const MODEL = { model: "gen_ai.request.model" };
const FLOW = { flow: "flow" };

/** What the alerts' queries are to answer. */
export const ALERTS: Answers = {
  "alerts/failed-runs": () =>
    groups(
      events("flowgate.run.completed").filter((row) => of(row, "verdict") === "error"),
      FLOW,
    ).map(({ named, rows }) => ({ ...named, runs: count(rows) })),
  "alerts/failing-turns": () => [{ flow: "shop", failed_share: (100 * count(failed)) / count(turns) }],
  "alerts/online-quality": () => {
    const judged = events("gen_ai.evaluation.result");
    const bad = judged.filter((row) => of(row, "gen_ai.evaluation.score.label") === "fail");
    return [{ flow: "shop", metric: "groundedness", failing_share: (100 * count(bad)) / count(judged) }];
  },
  "alerts/poison": () =>
    groups(events("flowgate.message.poisoned"), { queue: "queue" }).map(({ named, rows }) => ({
      ...named,
      messages: count(rows),
    })),
  "alerts/quota": () =>
    groups(
      attempts.filter((row) => of(row, "error") === "quota"),
      MODEL,
    ).map(({ named, rows }) => ({ ...named, tries: total(rows) })),
  "alerts/recertification": () =>
    groups(events("flowgate.recertification.failed"), FLOW).map(({ named, rows }) => ({
      ...named,
      failed: count(rows),
    })),
  "alerts/rolled-back": () =>
    groups(
      events("flowgate.release").filter((row) =>
        ["aborting", "rolled_back", "blocked"].includes(of(row, "release.kind")),
      ),
      { flow: "flow", happened: "release.kind" },
    ).map(({ named, rows }) => ({ ...named, releases: count(rows) })),
  "alerts/slow-turns": () => [{ flow: "shop", p95_ms: percentile(answered, 0.95) }],
  "alerts/throttled": () =>
    groups(
      attempts.filter((row) => of(row, "error") === "throttled" && of(row, "purpose") === "chat"),
      MODEL,
    ).map(({ named, rows }) => ({ ...named, tries: total(rows) })),
  "alerts/unguarded": () =>
    groups(metrics("flowgate.guardrail.unchecked"), {
      flow: "flow",
      guardrail: "guardrail",
      error: "error",
    }).map(({ named, rows }) => ({ ...named, turns: total(rows) })),
  "alerts/waiting": () =>
    groups(metrics("flowgate.queue.age"), { queue: "queue" }).map(({ named, rows }) => ({
      ...named,
      seconds: Math.max(...rows.map(({ valueMax = 0 }) => valueMax)),
    })),
};
