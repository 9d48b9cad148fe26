import { type ComponentChildren, Fragment } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { formatMetric } from "../../shared/model/format-metric.ts";
import { questionOf } from "../../shared/model/question-of.ts";
import { setQuery } from "../data/location.ts";
import { cellOf } from "../data/row-metrics.ts";
import { rowKey } from "../data/row-choice.ts";
import type { PlacedRow } from "../data/placed-row.ts";
import { RowDetail } from "./row-detail.tsx";
import { Wide } from "./wide.tsx";

/** A row a line with its scores; one opens to show question, answers, context and reasons. */
export function RowTable({
  flow,
  run,
  rows,
  metrics,
  thresholds,
  compared,
  sort,
  descending,
  open,
}: {
  flow: string;
  run: string;
  rows: readonly PlacedRow[];
  metrics: readonly string[];
  thresholds: ReadonlyMap<string, string>;
  compared: boolean;
  sort: string;
  descending: boolean;
  open: string | null;
}) {
  return (
    <Wide label="Rows and their scores">
      <table class="rows cards run-rows">
        <caption class="visually-hidden">The run’s rows and their scores</caption>
        <thead>
          <tr>
            <SortHead name="row" label="Row" {...{ sort, descending }} />
            <th scope="col">Question</th>
            {metrics.map((metric) => (
              <SortHead key={metric} name={metric} label={metric} isNumber {...{ sort, descending }} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((placed) => {
            const key = rowKey(placed);
            const isOpen = key === open;
            const { row, trial, candidate } = placed.result;
            return (
              <Fragment key={key}>
                <tr class={isOpen ? "opened" : ""}>
                  <th scope="row">
                    <RowToggle name={key} isOpen={isOpen}>
                      {row.id}
                      {trial > 0 && <span class="quiet"> again, {trial + 1}</span>}
                    </RowToggle>
                  </th>
                  <td class="question">
                    <span class="clamped">
                      {questionOf(row.fields) ?? <span class="quiet">no question</span>}
                    </span>
                    {candidate.error && candidate.answer === undefined && (
                      <span class="why fail">{candidate.error.message}</span>
                    )}
                    {candidate.refusal !== undefined && <span class="why open">{candidate.refusal}</span>}
                  </td>
                  {metrics.map((metric) => (
                    <Cell key={metric} metric={metric} placed={placed} />
                  ))}
                </tr>
                {isOpen && (
                  <tr class="detail">
                    <td colSpan={metrics.length + 2}>
                      <RowDetail {...{ flow, run, placed, thresholds, compared }} />
                    </td>
                  </tr>
                )}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </Wide>
  );
}

/** Opens a row. The one that the page's address names is in view, and where one goes on by keyboard or ear. */
function RowToggle({
  name,
  isOpen,
  children,
}: {
  name: string;
  isOpen: boolean;
  children: ComponentChildren;
}) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const { activeElement } = document;
    // Whoever does something else meanwhile is left at it.
    if (!isOpen || (activeElement !== document.body && activeElement?.id !== "main")) return;
    button.current?.scrollIntoView({ block: "center" });
    button.current?.focus({ preventScroll: true });
  }, [isOpen]);
  return (
    <button
      type="button"
      class="row-toggle"
      ref={button}
      aria-expanded={isOpen}
      onClick={() => setQuery({ row: isOpen ? undefined : name })}
    >
      {children}
    </button>
  );
}

function SortHead({
  name,
  label,
  sort,
  descending,
  isNumber = false,
}: {
  name: string;
  label: string;
  sort: string;
  descending: boolean;
  isNumber?: boolean;
}) {
  const isSorted = sort === name;
  // First the lowest, which is where one looks for what is wrong; then the highest; then as they were.
  const next = !isSorted ? name : descending ? undefined : `${name} down`;
  return (
    <th
      scope="col"
      class={isNumber ? "number" : ""}
      aria-sort={isSorted ? (descending ? "descending" : "ascending") : "none"}
    >
      <button type="button" class="sort" onClick={() => setQuery({ sort: next })}>
        {label}
        <span aria-hidden="true" class="arrow">
          {isSorted ? (descending ? "↓" : "↑") : ""}
        </span>
      </button>
    </th>
  );
}

function Cell({ metric, placed: { result } }: { metric: string; placed: PlacedRow }) {
  const cell = cellOf(result.candidate, metric);
  const text = !cell ? "–" : cell.value === null ? "none" : formatMetric(metric, "mean", cell.value);
  const isBad = cell?.passed === false;
  return (
    <td data-name={metric} class={`number ${isBad ? "fail" : ""}`}>
      {text}
      {isBad && <span class="visually-hidden"> fails</span>}
    </td>
  );
}
