import { writeFile } from "node:fs/promises";
import path from "node:path";
import { boundaryColumn, peekedTTest } from "../bench/simulation/boundary.ts";
import { seededRandom } from "../bench/simulation/random.ts";
import { JUDGE_SCORE, SCENARIOS } from "../bench/simulation/scenarios.ts";
import { meanShare, simulateRun } from "../bench/simulation/simulate-run.ts";

/** `node scripts/plot-verdict.ts`: simulates again and draws `docs/verdict.svg`. The same seeds draw the same picture. */
const SHARE_RUNS = 200;
const BOUNDARY_RUNS = 2000;
const BOUNDARY_ROWS = 500;
const SIZES = [100, 200, 500, 1000, 2000] as const;

interface Line {
  label: string;
  colour: string;
  points: { x: number; y: number }[];
}

interface Panel {
  title: string;
  xLabel: string;
  left: number;
  lines: Line[];
  /** From a value to 0 to 1 along the axis. */
  xScale(x: number): number;
  xTicks: readonly number[];
  yTop: number;
  yTicks: readonly number[];
  level?: { y: number; label: string };
}

const PLOT = { top: 56, width: 300, height: 220 };
const INK = "#57606a";

const sharePanel: Panel = {
  title: "Share of the rows used until the verdict",
  xLabel: "rows in the dataset",
  left: 60,
  xScale: (x) => Math.log(x / 100) / Math.log(20),
  xTicks: SIZES,
  yTop: 1,
  yTicks: [0, 0.25, 0.5, 0.75, 1],
  lines: [
    sharesOf("four scores, as before", "#0969da", SCENARIOS.four_good, 1),
    sharesOf("one score, as before", "#1a7f37", SCENARIOS.score_same, 2),
    sharesOf("four, one 10 points worse", "#cf222e", SCENARIOS.four_worse, 3),
    sharesOf("one score, 5 points better", "#8250df", SCENARIOS.score_better, 4),
  ],
};

const errorPanel: Panel = {
  title: "Wrong passes of a candidate that just fails",
  xLabel: "rows looked at, of 500",
  left: 610,
  xScale: (x) => x / BOUNDARY_ROWS,
  xTicks: [0, 100, 200, 300, 400, 500],
  yTop: 0.25,
  yTicks: [0, 0.05, 0.1, 0.15, 0.2, 0.25],
  level: { y: 0.05, label: "5 %, as promised" },
  lines: wrongPasses(),
};

await writeFile(path.join(import.meta.dirname, "../docs/verdict.svg"), svgOf([sharePanel, errorPanel]));

function sharesOf(
  label: string,
  colour: string,
  metrics: (typeof SCENARIOS)[keyof typeof SCENARIOS],
  seed: number,
): Line {
  const points = SIZES.map((x) => ({
    x,
    y: meanShare(metrics, x, SHARE_RUNS, seededRandom(seed * 1e4 + x)),
  }));
  return { label, colour, points };
}

function wrongPasses(): Line[] {
  const random = seededRandom(5);
  const peeked: number[] = [];
  const folded: number[] = [];
  for (let run = 0; run < BOUNDARY_RUNS; run += 1) {
    const pairs = boundaryColumn(JUDGE_SCORE, BOUNDARY_ROWS, random);
    const stopped = peekedTTest(JUDGE_SCORE, pairs, 20);
    if (stopped !== undefined) peeked.push(stopped);
    const { outcome, share } = simulateRun([JUDGE_SCORE], [pairs]);
    if (outcome === "pass") folded.push(share * BOUNDARY_ROWS);
  }
  const cumulated = (stops: readonly number[]): Line["points"] =>
    Array.from({ length: BOUNDARY_ROWS / 20 + 1 }, (_, step) => {
      const x = step * 20;
      return { x, y: stops.filter((stop) => stop <= x).length / BOUNDARY_RUNS };
    });
  return [
    { label: "t-test, looked at every 20 rows", colour: "#cf222e", points: cumulated(peeked) },
    { label: "Flowgate, looked at every row", colour: "#0969da", points: cumulated(folded) },
  ];
}

function svgOf(panels: readonly Panel[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1130 340" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>Left: rows used until the verdict. Right: wrong passes while looking again and again.</title>`,
    `<rect width="1130" height="340" fill="#ffffff"/>`,
    ...panels.flatMap(drawPanel),
    "</svg>",
    "",
  ].join("\n");
}

function drawPanel(panel: Panel): string[] {
  const { left, title, xLabel, lines, level, yTop } = panel;
  const { top, width, height } = PLOT;
  const x = (value: number): number => round(left + panel.xScale(value) * width);
  const y = (value: number): number => round(top + height - (value / yTop) * height);
  const bottom = top + height;
  return [
    text(left, top - 24, title, { weight: 600, colour: "#1f2328", size: 14 }),
    ...panel.yTicks.flatMap((tick) => [
      `<line x1="${left}" x2="${left + width}" y1="${y(tick)}" y2="${y(tick)}" stroke="#d8dee4"/>`,
      text(left - 8, y(tick) + 4, `${Math.round(tick * 100)} %`, { anchor: "end" }),
    ]),
    ...panel.xTicks.map((tick) => text(x(tick), bottom + 18, String(tick), { anchor: "middle" })),
    text(left + width / 2, bottom + 40, xLabel, { anchor: "middle" }),
    ...(level
      ? [
          `<line x1="${left}" x2="${left + width}" y1="${y(level.y)}" y2="${y(level.y)}" stroke="${INK}" stroke-dasharray="5 4"/>`,
          text(left + width + 8, y(level.y) + 4, level.label, {}),
        ]
      : []),
    ...lines.map(
      ({ points, colour }) =>
        `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.map((point) => `${x(point.x)},${y(point.y)}`).join(" ")}"/>`,
    ),
    ...labelsOf(lines, y).map(({ label, colour, at }) => text(left + width + 8, at, label, { colour })),
  ];
}

/** The lines' labels beside their ends, above the axis and at least a line of text apart. */
function labelsOf(
  lines: readonly Line[],
  y: (value: number) => number,
): { label: string; colour: string; at: number }[] {
  let below = PLOT.top + PLOT.height + 10;
  return lines
    .map(({ label, colour, points }) => ({ label, colour, at: y(points.at(-1)?.y ?? 0) + 4 }))
    .sort((a, b) => b.at - a.at)
    .map((placed) => {
      below = Math.min(placed.at, below - 15);
      return { ...placed, at: below };
    });
}

function text(
  x: number,
  y: number,
  words: string,
  style: { anchor?: string; weight?: number; colour?: string; size?: number },
): string {
  const { anchor = "start", weight = 400, colour = INK, size = 12 } = style;
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" font-weight="${weight}" font-size="${size}" fill="${colour}">${words}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
