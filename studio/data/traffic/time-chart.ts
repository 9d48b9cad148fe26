/** A chart over time, and the words that say the same. */
export interface TimeChart {
  title: string;
  /** What its numbers are of: `turns in each minute`. */
  unit: string;
  /** Sums of a step are drawn as steps; what is measured of each as a line, broken where nothing was. */
  shape: "steps" | "line";
  /** Whether a line goes on over steps without a value: where only samples are measured. */
  spansGaps?: boolean;
  /** Whether the axis begins at 0; else it fits what is drawn. */
  fromZero: boolean;
  /** Whether a half makes no sense. */
  isWhole: boolean;
  lines: ChartLine[];
  /** With its unit. */
  format(value: number): string;
  /** Said in place of a chart where there is nothing to draw. */
  nothing: string;
}

export interface ChartLine {
  label: string;
  /** Which of the lines' colours. A line of another colour has another `dash` or `hasDots` too. */
  hue: 0 | 1 | 2 | 3;
  dash: 0 | 1 | 2;
  hasDots: boolean;
  /** One a step; null where nothing was measured. */
  values: (number | null)[];
}

/** The patterns of `dash`, in pixels. */
export const DASHES: readonly number[][] = [[], [7, 4], [2, 3]];
/** The colours of `hue`, as the style sheet names them. */
export const HUES = ["--accent", "--baseline", "--pass", "--open"] as const;

/** Whether anything is to be drawn: a sum of nothing is not. */
export function hasSomething({ shape, lines }: TimeChart): boolean {
  return lines.some(({ values }) =>
    values.some((value) => value !== null && (shape === "line" || value !== 0)),
  );
}

/** What a chart shows, in a sentence a line: for who does not see it. */
export function chartWords({ title, unit, shape, lines, format, nothing, ...rest }: TimeChart): string {
  const said = lines.flatMap(({ label, values }) => {
    const measured = values.filter((value) => value !== null);
    const last = measured.at(-1);
    if (last === undefined) return [];
    const range = `${format(Math.min(...measured))} to ${format(Math.max(...measured))}, latest ${format(last)}`;
    return [`${label}: ${range}.`];
  });
  const isDrawn = hasSomething({ title, unit, shape, lines, format, nothing, ...rest });
  return isDrawn ? `${title}, ${unit}. ${said.join(" ")}` : nothing;
}
