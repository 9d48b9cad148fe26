import type { RequirementView } from "../../shared/model/report-view.ts";
import { IntervalPlot } from "./interval-plot.tsx";
import { OutcomeMark } from "./outcome-badge.tsx";

const LEGEND = [
  ["value", "measured"],
  ["range", "95 % interval"],
  ["limit", "needed, failing side shaded"],
  ["production", "production"],
] as const;

/** What had to hold, what was measured, and how sure that is. */
export function Requirements({ requirements }: { requirements: readonly RequirementView[] }) {
  const compared = requirements.some(({ baseline }) => baseline.value !== null);
  const differs = requirements.some(({ difference }) => difference);
  return (
    <>
      <table class="rows cards requirements">
        <caption class="visually-hidden">Every requirement of the gate, with what was measured</caption>
        <thead>
          <tr>
            <th scope="col">Requirement</th>
            <th scope="col" class="number">
              Measured
            </th>
            <th scope="col" class="number">
              95 % interval
            </th>
            <th scope="col" class="number">
              Needed
            </th>
            {compared && (
              <th scope="col" class="number">
                Production
              </th>
            )}
            {differs && (
              <th scope="col" class="number">
                Difference
              </th>
            )}
            <th scope="col">On one axis</th>
          </tr>
        </thead>
        <tbody>
          {requirements.map((requirement) => (
            <Requirement key={requirement.name} {...{ requirement, compared, differs }} />
          ))}
        </tbody>
      </table>
      <p class="legend quiet small" aria-hidden="true">
        {LEGEND.map(
          ([key, words]) =>
            (compared || key !== "production") && (
              <span key={key} class="legend-entry">
                <span class={`key ${key}`} /> {words}
              </span>
            ),
        )}
      </p>
    </>
  );
}

function Requirement({
  requirement,
  compared,
  differs,
}: {
  requirement: RequirementView;
  compared: boolean;
  differs: boolean;
}) {
  const { name, outcome, value, interval, limit, baseline, difference, reason, power } = requirement;
  return (
    <tr>
      <th scope="row">
        <span class="requirement-name">
          <OutcomeMark outcome={outcome} />
          <span>
            {name}
            {outcome !== "pass" && <span class="why">{reason}</span>}
            {power !== undefined && <span class="why open">{power}</span>}
          </span>
        </span>
      </th>
      <td data-name="Measured" class={`number ${outcome === "pass" ? "" : tone(outcome)}`}>
        {value.text}
      </td>
      <td data-name="95 % interval" class="number">
        {interval?.text ?? "–"}
      </td>
      <td data-name="Needed" class="number">
        {limit.text}
      </td>
      {compared && (
        <td data-name="Production" class="number">
          {baseline.text}
        </td>
      )}
      {differs && (
        <td data-name="Difference" class="number">
          {difference?.text ?? "–"}
          {difference?.interval && <span class="quiet small under">{difference.interval.text}</span>}
        </td>
      )}
      <td data-name="On one axis">
        <IntervalPlot requirement={requirement} />
      </td>
    </tr>
  );
}

function tone(outcome: RequirementView["outcome"]): string {
  return outcome === "inconclusive" ? "open" : "fail";
}
