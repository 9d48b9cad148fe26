import { formatMetric } from "../../shared/model/format-metric.ts";
import { setQuery, usePlace } from "../data/location.ts";
import { sliceFields, slicesBy } from "../data/slices.ts";
import type { PlacedRow } from "../data/placed-row.ts";
import { Wide } from "./wide.tsx";

/** The means of groups of rows, by a field that the reader chooses. */
export function Slices({
  rows,
  metrics,
  compared,
}: {
  rows: readonly PlacedRow[];
  metrics: readonly string[];
  compared: boolean;
}) {
  const { query } = usePlace();
  const fields = sliceFields(rows);
  const asked = query.get("slice");
  const field =
    fields.find((name) => name === asked) ?? fields.find((name) => name !== "dataset") ?? fields[0];
  if (field === undefined) return null;
  return (
    <section aria-labelledby="slices">
      <div class="section-head">
        <h2 id="slices">Slices</h2>
        <div class="filters">
          <label for="slice-field">by</label>
          <select
            id="slice-field"
            value={field}
            onChange={({ currentTarget: { value } }) => setQuery({ slice: value })}
          >
            {fields.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </div>
      </div>
      <Wide label={`Means by ${field}`}>
        <table class="rows">
          <caption class="visually-hidden">Means of the rows by {field}</caption>
          <thead>
            <tr>
              <th scope="col">{field}</th>
              <th scope="col" class="number">
                rows
              </th>
              {metrics.map((metric) => (
                <th key={metric} scope="col" class="number">
                  {metric}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {slicesBy(rows, field, metrics).map(({ value, rows: count, means }) => (
              <tr key={value}>
                <th scope="row">{value}</th>
                <td class="number">{count}</td>
                {metrics.map((metric) => (
                  <td key={metric} class="number">
                    {formatMetric(metric, "mean", means[metric]?.mean ?? null)}
                    {compared && (
                      <span class="quiet small under">
                        <span class="visually-hidden">production </span>
                        {formatMetric(metric, "mean", means[metric]?.production ?? null)}
                      </span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      <p class="quiet small">
        Means of {rows.length} rows{compared && "; below each, production’s on the same rows"}.
      </p>
    </section>
  );
}
