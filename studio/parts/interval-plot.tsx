import type { RequirementView } from "../../shared/model/report-view.ts";

const WIDTH = 180;
const HEIGHT = 22;
const MARGIN = 8;

/**
 * A requirement on one axis: the 95 % interval (a bar), the measured value (a dot), the threshold (a dashed line, with
 * the side that fails shaded) and production's value (a diamond). Nothing where there is no threshold.
 */
export function IntervalPlot({ requirement }: { requirement: RequirementView }) {
  const { name, value, interval, limit, baseline, comparison, outcome } = requirement;
  const [found, least, production] = [value.value, limit.value, baseline.value];
  if (found === null || least === null) return <span class="quiet">–</span>;
  const points = [
    found,
    least,
    ...(interval ? [interval.low, interval.high] : []),
    ...(production === null ? [] : [production]),
  ];
  const [low, high] = [Math.min(...points), Math.max(...points)];
  const span = high - low || 1;
  const at = (point: number): number => MARGIN + ((point - low) / span) * (WIDTH - 2 * MARGIN);
  const middle = HEIGHT / 2;
  const fails = comparison === ">=" ? [0, at(least)] : [at(least), WIDTH];
  const words = [
    `${name}: ${value.text}`,
    interval && `95 % interval ${interval.text}`,
    `needed ${limit.text}`,
    production !== null && `production ${baseline.text}`,
  ];
  return (
    <svg
      class={`interval ${outcome}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={words.filter(Boolean).join(", ")}
    >
      <rect
        class="fails"
        x={fails[0]}
        y="0"
        width={Math.max(0, (fails[1] ?? 0) - (fails[0] ?? 0))}
        height={HEIGHT}
      />
      <line class="axis" x1="0" x2={WIDTH} y1={middle} y2={middle} />
      {interval && (
        <line class="range" x1={at(interval.low)} x2={at(interval.high)} y1={middle} y2={middle} />
      )}
      <line class="limit" x1={at(least)} x2={at(least)} y1="1" y2={HEIGHT - 1} />
      {production !== null && (
        <rect
          class="production"
          x={at(production) - 3.5}
          y={middle - 3.5}
          width="7"
          height="7"
          transform={`rotate(45 ${at(production)} ${middle})`}
        />
      )}
      <circle class="value" cx={at(found)} cy={middle} r="4" />
    </svg>
  );
}
