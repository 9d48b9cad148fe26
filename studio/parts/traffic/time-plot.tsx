import { useEffect, useRef, useState } from "preact/hooks";
import type { ReleaseMark } from "../../../shared/model/flow-traffic.ts";
import { PLOT_HEIGHT, plotOptions } from "../../data/traffic/plot-options.ts";
import { onThemeChange } from "../../data/theme.ts";
import { chartWords, hasSomething, type TimeChart } from "../../data/traffic/time-chart.ts";
import { uPlot } from "../../data/uplot.ts";
import { ChartKey } from "./chart-key.tsx";
import { ChartTable } from "./chart-table.tsx";

/** A chart with what its lines mean, and the same as a table. Pointing at one chart points at all of the page. */
export function TimePlot({
  chart,
  times,
  end,
  marks,
}: {
  chart: TimeChart;
  /** The steps; seconds since 1970, like `end`. */
  times: number[];
  end: number;
  marks: readonly ReleaseMark[];
}) {
  const [pointed, setPointed] = useState<number>();
  const isDrawn = hasSomething(chart);
  return (
    <figure class="time-chart" aria-label={chart.title}>
      <figcaption>
        <h2>{chart.title}</h2>
        <span class="quiet small">{chart.unit}</span>
      </figcaption>
      {isDrawn ? (
        <>
          <ChartKey chart={chart} times={times} pointed={pointed} />
          <Canvas {...{ chart, times, end, marks, setPointed }} />
          <ChartTable chart={chart} times={times} />
        </>
      ) : (
        <p class="quiet nothing">{chart.nothing}</p>
      )}
    </figure>
  );
}

function Canvas({
  chart,
  times,
  end,
  marks,
  setPointed,
}: {
  chart: TimeChart;
  times: number[];
  end: number;
  marks: readonly ReleaseMark[];
  setPointed(index: number | undefined): void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const data: uPlot.AlignedData = [times, ...chart.lines.map(({ values }) => values)];
  const shown = useRef({ data, times, end, marks });
  shown.current = { data, times, end, marks };
  const lines = chart.lines.map(({ label }) => label).join("\n");

  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const optionsOf = (host: HTMLElement): uPlot.Options =>
      plotOptions(chart, {
        host,
        ends: () => [shown.current.times[0] ?? 0, shown.current.end],
        marks: () => shown.current.marks,
        onCursor: setPointed,
      });
    const draw = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(element), shown.current.data, element);
    };
    draw();
    const resized = new ResizeObserver(() => {
      plot.current?.setSize({ width: element.clientWidth, height: PLOT_HEIGHT });
    });
    resized.observe(element);
    const unsubscribe = onThemeChange(draw);
    return () => {
      resized.disconnect();
      unsubscribe();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [lines, chart.title]);

  useEffect(() => {
    plot.current?.setData(data);
  }, [chart, times]);

  return <div ref={host} class="plot" role="img" aria-label={chartWords(chart)} />;
}
