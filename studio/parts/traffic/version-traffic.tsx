import type { DurationFigures, VersionTraffic } from "../../../shared/model/flow-traffic.ts";
import { formatMetric } from "../../../shared/model/format-metric.ts";
import type { Counts } from "../../../shared/model/traffic.ts";
import { ANSWERED, BLOCKED } from "../../../shared/model/turn-outcome.ts";
import { countWords } from "../../data/number-words.ts";
import { Moment } from "../moment.tsx";
import { Wide } from "../wide.tsx";

const HEADS = ["turns", "errors", "blocked", "latency", "first token", "tokens", "cost", "feedback"];

/** The whole time by version, the one that served last first. */
export function VersionTrafficTable({ versions }: { versions: readonly VersionTraffic[] }) {
  return (
    <Wide label="What each version served">
      <table class="rows">
        <caption class="visually-hidden">What each version served</caption>
        <thead>
          <tr>
            <th scope="col">Version</th>
            {HEADS.map((head) => (
              <th key={head} scope="col" class="number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {versions.map((served) => (
            <Served key={served.version} served={served} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function Served({ served: { version, lastAt, figures } }: { served: VersionTraffic }) {
  const { turns, failed, blocked, duration, firstToken, inputTokens, outputTokens, feedback } = figures;
  const errors = Object.fromEntries(
    Object.entries(figures.outcomes).filter(([outcome]) => outcome !== ANSWERED && outcome !== BLOCKED),
  );
  return (
    <tr>
      <th scope="row">
        <code class="version">{version}</code>
        <div class="quiet small">
          served <Moment at={lastAt} />
        </div>
      </th>
      <td class="number">{countWords(turns)}</td>
      <td class={failed > 0 ? "number fail" : "number"}>
        {countWords(failed)} ({formatMetric("errors", "rate", turns === 0 ? null : failed / turns)})
        <ByName counts={errors} />
      </td>
      <td class="number">
        {countWords(blocked)}
        <ByName counts={figures.guardrails} />
      </td>
      <Durations figures={duration} />
      <Durations figures={firstToken} />
      <td class="number">
        {countWords(inputTokens)} in
        <div>{countWords(outputTokens)} out</div>
      </td>
      <td class="number">
        {figures.unpriced === turns && turns > 0 ? "unknown" : formatMetric("cost", "mean", figures.cost)}
        {figures.unpriced > 0 && figures.unpriced < turns && (
          <div class="quiet small">{countWords(figures.unpriced)} turns without a price</div>
        )}
      </td>
      <td class="number">
        {countWords(feedback.up)} up
        <div>{countWords(feedback.down)} down</div>
      </td>
    </tr>
  );
}

function Durations({ figures }: { figures: DurationFigures | undefined }) {
  if (!figures) return <td class="number">–</td>;
  return (
    <td class="number">
      {(["p50", "p95", "p99"] as const).map((name) => (
        <div key={name}>
          <span class="quiet small">{name}</span> {formatMetric("latency", name, figures[name])}
        </div>
      ))}
    </td>
  );
}

/** What they were, the most frequent first. */
function ByName({ counts }: { counts: Counts }) {
  const named = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return (
    <>
      {named.map(([name, count]) => (
        <div key={name} class="quiet small">
          {countWords(count)} {name}
        </div>
      ))}
    </>
  );
}
