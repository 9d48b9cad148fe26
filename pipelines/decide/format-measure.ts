/** A value with its metric's unit, as people read it: `4.12`, `1.35 s`, `$0.0021`, `82.5 %`. */
export function formatMeasure(metric: string, statistic: string, value: number | null): string {
  if (value === null) return "nothing";
  if (statistic === "passRate" || statistic === "rate") return `${trim(value * 100, 1)} %`;
  if (statistic === "defects") return `${value}`;
  if (metric === "latency") return value >= 1000 ? `${trim(value / 1000, 2)} s` : `${trim(value, 0)} ms`;
  if (metric === "cost") return `$${trim(value, 6)}`;
  return trim(value, 3);
}

/** At most `digits` decimals, without trailing zeros. */
function trim(value: number, digits: number): string {
  return Number(value.toFixed(digits)).toString();
}
