import type { EvaluatedDifference, MetricDifference, RowFlip } from "../../shared/model/row-differences.ts";
import { metricWords } from "../../shared/model/format-metric.ts";
import { studioPath } from "../data/location.ts";
import { DifferencePlot } from "./difference-plot.tsx";
import { Wide } from "./wide.tsx";

/** How two versions compare on the rows that both answered: each metric with its interval, and the rows that flipped. */
export function RowComparison({ flow, evaluated }: { flow: string; evaluated: EvaluatedDifference }) {
  const { suite, runs, pairs, metrics, broken, mended, flips, isWhole } = evaluated;
  return (
    <>
      <h2>
        On the {pairs} rows of suite <code>{suite}</code> that both answered
      </h2>
      {!isWhole && <p class="note open">These are the first rows; `flowgate diff` reads all of them.</p>}
      <Wide label="Paired differences">
        <table class="rows">
          <caption class="visually-hidden">Paired differences by metric</caption>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              {["Before", "After", "Difference", "95 % interval", "Rows changed"].map((head) => (
                <th key={head} scope="col" class="number">
                  {head}
                </th>
              ))}
              <th scope="col">Around no difference</th>
            </tr>
          </thead>
          <tbody>
            {metrics.map((metric) => (
              <MetricRow key={metricWords(metric.metric, metric.statistic)} metric={metric} />
            ))}
          </tbody>
        </table>
      </Wide>
      <p class="links small">
        {runs.map((run) => (
          <a key={run} href={studioPath(["flows", flow, "runs", run])}>
            Run {run}
          </a>
        ))}
      </p>
      <h2>Rows that flipped</h2>
      {broken + mended === 0 ? (
        <p class="quiet">No row passes that failed before, and none fails that passed.</p>
      ) : (
        <>
          <p>
            <strong class="fail">{broken}</strong> passed and fail now, <strong class="pass">{mended}</strong>{" "}
            failed and pass now.
          </p>
          {flips.map((flip) => (
            <Flip key={[flip.dataset, flip.id, flip.trial].join(":")} flip={flip} />
          ))}
          {flips.length === 50 && <p class="quiet small">The first 50 are shown.</p>}
        </>
      )}
    </>
  );
}

function MetricRow({ metric: found }: { metric: MetricDifference }) {
  const { metric, statistic, before, after, difference, changed } = found;
  return (
    <tr>
      <th scope="row">{metricWords(metric, statistic)}</th>
      <td class="number">{before.text}</td>
      <td class="number">{after.text}</td>
      <td class="number">{difference.text}</td>
      <td class="number">{difference.interval?.text ?? "–"}</td>
      <td class="number">{changed}</td>
      <td>
        <DifferencePlot metric={found} />
      </td>
    </tr>
  );
}

function Flip({ flip: { id, dataset, question, before, after, scores } }: { flip: RowFlip }) {
  return (
    <article class="flip">
      <h3 class="flip-title">
        {id} <span class="quiet small">{dataset}</span>
      </h3>
      {question !== undefined && <p class="text">{question}</p>}
      <div class="sides">
        <section>
          <h4>Before</h4>
          <p class="text">{before}</p>
        </section>
        <section>
          <h4>After</h4>
          <p class="text">{after}</p>
        </section>
      </div>
      <ul class="flip-scores">
        {scores.map(({ metric, before: old, after: score, now }) => (
          <li key={metric}>
            <strong class={now === "passes" ? "pass" : "fail"}>
              {metric} {old?.value.text ?? "none"} → {score?.value.text ?? "none"}
            </strong>{" "}
            <span class="quiet">{score?.reason ?? `${now} now`}</span>
          </li>
        ))}
      </ul>
    </article>
  );
}
