import type { RequirementView } from "../../shared/model/report-view.ts";
import { type Html, html } from "./html.ts";

const WIDTH = 120;
const HEIGHT = 14;
const MARGIN = 6;

/**
 * The 95 % interval (a line), the value (a dot) and the threshold (an upright dashed line) on one axis. Against
 * production it is the same axis: its threshold is production's value with the accepted loss. Undefined where there
 * is no interval or no threshold to draw.
 */
export function intervalBar({ name, value, interval, limit }: RequirementView): Html | undefined {
  if (!interval || value.value === null || limit.value === null) return undefined;
  const points = [interval.low, interval.high, value.value, limit.value];
  const [least, most] = [Math.min(...points), Math.max(...points)];
  const span = most - least || 1;
  const at = (point: number): string => (MARGIN + ((point - least) / span) * (WIDTH - 2 * MARGIN)).toFixed(1);
  const label = `${name}: ${value.text}, 95 % interval ${interval.text}, needed ${limit.text}`;
  const middle = HEIGHT / 2;
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
    <line class="axis" x1="0" x2="${WIDTH}" y1="${middle}" y2="${middle}" stroke-width="1" />
    <line
      class="range"
      x1="${at(interval.low)}"
      x2="${at(interval.high)}"
      y1="${middle}"
      y2="${middle}"
      stroke-width="4"
    />
    <circle class="point" cx="${at(value.value)}" cy="${middle}" r="4" />
    <line
      class="limit"
      x1="${at(limit.value)}"
      x2="${at(limit.value)}"
      y1="0"
      y2="${HEIGHT}"
      stroke-width="2"
      stroke-dasharray="3 2"
    />
  </svg>`;
}
