import { useEffect, useRef, useState } from "preact/hooks";
import type { RowAnswer } from "../../shared/model/run.ts";
import { formatMetric } from "../../shared/model/format-metric.ts";
import { rowView } from "../../shared/report/row-view.ts";
import { OPERATIONAL, cellOf } from "../data/row-metrics.ts";
import type { PlacedRow } from "../data/placed-row.ts";
import { rowContext } from "../data/use-run-rows.ts";

const QUESTION = ["question", "query", "input"];

/** One row in full. Whatever a flow, a user or a model wrote is text here, and nothing else. */
export function RowDetail({
  flow,
  run,
  placed,
  thresholds,
  compared,
}: {
  flow: string;
  run: string;
  placed: PlacedRow;
  thresholds: ReadonlyMap<string, string>;
  compared: boolean;
}) {
  const { row, candidate, baseline } = placed.result;
  const view = rowView(placed.result, thresholds);
  const beside = Object.entries(row.fields).filter(
    ([name, value]) => !QUESTION.includes(name) && name !== "id" && value !== null && value !== "",
  );
  return (
    <div class="row-detail">
      <div class="texts">
        <TextBlock title="Question" text={view.question} />
        {beside.map(([name, value]) => (
          <TextBlock
            key={name}
            title={name}
            text={typeof value === "string" ? value : JSON.stringify(value, undefined, 1)}
          />
        ))}
        <TextBlock title="Answer" text={view.answer ?? view.refusal ?? view.error ?? "none"} isMain />
        {compared && <TextBlock title="Production’s answer" text={view.baselineAnswer} />}
        <ContextBlock flow={flow} run={run} placed={placed} />
        <p class="quiet small">
          {row.dataset}
          {OPERATIONAL.map((metric) => ` · ${metric} ${measured(candidate, metric)}`)}
          {candidate.model !== undefined && ` · ${candidate.model}`}
          {candidate.cached && " · the answer was recorded before"}
        </p>
      </div>
      <dl class="scores">
        {view.scores.map(({ metric, value, threshold, passed, reason }) => (
          <div key={metric}>
            <dt>
              {metric}{" "}
              <strong class={passed === true ? "pass" : "fail"}>
                <span aria-hidden="true">{passed === true ? "✓ " : "✗ "}</span>
                {value.text}
              </strong>
              <span class="quiet small">
                {threshold !== undefined && ` needs ${threshold}`}
                {compared && ` · production ${measured(baseline, metric)}`}
              </span>
            </dt>
            <dd class="reason">{reason ?? <span class="quiet">no reason given</span>}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function TextBlock({
  title,
  text,
  isMain = false,
}: {
  title: string;
  text: string | undefined;
  isMain?: boolean;
}) {
  if (text === undefined) return null;
  return (
    <section>
      <h3>{title}</h3>
      <p class={isMain ? "text main-text" : "text"}>{text}</p>
    </section>
  );
}

/** Contexts are long: asked for only when somebody wants to read one. */
function ContextBlock({ flow, run, placed }: { flow: string; run: string; placed: PlacedRow }) {
  const [text, setText] = useState<string>();
  const shown = useRef<HTMLParagraphElement>(null);
  // The button goes: who pressed it by keyboard goes on at what it brought.
  useEffect(() => shown.current?.focus(), [text === undefined]);
  async function load(): Promise<void> {
    setText("Loading");
    try {
      const { candidate } = await rowContext(flow, run, placed);
      setText(candidate.context || "There was none.");
    } catch (error) {
      setText(error instanceof Error ? error.message : "It could not be read.");
    }
  }
  return (
    <section>
      <h3>Context</h3>
      {text === undefined ? (
        <button type="button" class="small-button" onClick={() => void load()}>
          Show what it was answered from
        </button>
      ) : (
        <p class="text context" tabIndex={0} role="region" aria-label="Context" ref={shown}>
          {text}
        </p>
      )}
    </section>
  );
}

function measured(answer: RowAnswer | undefined, metric: string): string {
  return formatMetric(metric, "mean", cellOf(answer, metric)?.value ?? null);
}
