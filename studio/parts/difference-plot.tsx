import type { MetricDifference } from "../../shared/model/row-differences.ts";

const WIDTH = 160;
const HEIGHT = 20;
const HALF = WIDTH / 2;

/** A difference and its 95 % interval to the left and the right of none. */
export function DifferencePlot({ metric: { metric, difference } }: { metric: MetricDifference }) {
  const { value, interval } = difference;
  if (value === null) return null;
  const points = [value, ...(interval ? [interval.low, interval.high] : [])];
  const reach = Math.max(...points.map(Math.abs)) || 1;
  const at = (point: number): number => HALF + (point / reach) * (HALF - 8);
  const words = `${metric}: ${difference.text}${interval ? `, 95 % interval ${interval.text}` : ""}`;
  return (
    <svg class="interval" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words}>
      <line class="axis" x1="0" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
      <line class="axis" x1={HALF} x2={HALF} y1="1" y2={HEIGHT - 1} />
      {interval && (
        <line class="range" x1={at(interval.low)} x2={at(interval.high)} y1={HEIGHT / 2} y2={HEIGHT / 2} />
      )}
      <circle class="value" cx={at(value)} cy={HEIGHT / 2} r="4" />
    </svg>
  );
}
