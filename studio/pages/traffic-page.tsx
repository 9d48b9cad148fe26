import { useMemo } from "preact/hooks";
import type { FlowTraffic } from "../../shared/model/flow-traffic.ts";
import { formatMetric } from "../../shared/model/format-metric.ts";
import { flowApi } from "../data/api.ts";
import { studioPath, usePlace } from "../data/location.ts";
import { countOf, countWords } from "../data/number-words.ts";
import { chosenHours, RANGES, rangeWords } from "../data/traffic/ranges.ts";
import { stepTimes, stepWords, trafficCharts } from "../data/traffic/traffic-charts.ts";
import { useLive } from "../data/use-live.ts";
import type { Page } from "../page.ts";
import { Loaded } from "../parts/states.tsx";
import { NoTraffic } from "../parts/traffic/no-traffic.tsx";
import { ReleaseList } from "../parts/traffic/release-list.tsx";
import { TimePlot } from "../parts/traffic/time-plot.tsx";
import { VersionTrafficTable } from "../parts/traffic/version-traffic.tsx";

export const trafficPage: Page = {
  path: "/flows/{flow}/traffic",
  title: ({ flow = "" }) => `Traffic of ${flow}`,
  tab: { label: "Traffic" },
  view: TrafficPage,
};

/** Processes write what they counted every few seconds. */
const EVERY_MS = 5_000;

/** What a flow served in the last hours, over time and by version. */
function TrafficPage({ parameters: { flow = "" } }: { parameters: Record<string, string> }) {
  const hours = chosenHours(usePlace().query.get("hours"));
  const live = useLive<FlowTraffic>(`${flowApi(flow, "traffic")}?hours=${hours}`, { everyMs: EVERY_MS });
  return (
    <>
      <div class="page-head">
        <h1>Traffic of the last {rangeWords(hours)}</h1>
        <nav class="ranges" aria-label="Time">
          {RANGES.map((range) => (
            <a
              key={range.hours}
              href={studioPath(["flows", flow, "traffic"], { hours: String(range.hours) })}
              aria-current={range.hours === hours ? "true" : undefined}
            >
              {range.words}
            </a>
          ))}
        </nav>
      </div>
      <Loaded live={live} what="the traffic">
        {(traffic) =>
          traffic.points.length === 0 && traffic.scores.length === 0 ? (
            <NoTraffic traffic={traffic} hours={hours} />
          ) : (
            <Served traffic={traffic} />
          )
        }
      </Loaded>
    </>
  );
}

function Served({ traffic }: { traffic: FlowTraffic }) {
  const charts = useMemo(() => trafficCharts(traffic), [traffic]);
  const times = useMemo(() => stepTimes(traffic), [traffic]);
  return (
    <>
      <Totals traffic={traffic} />
      <h2>Releases</h2>
      <ReleaseList releases={traffic.releases} />
      <h2>Over time</h2>
      <p class="quiet small">
        What happened {stepWords(traffic.stepSeconds)}; the last of them is still going on. Numbered lines are
        the releases above.
      </p>
      <div class="charts">
        {charts.map((chart) => (
          <TimePlot
            key={chart.title}
            chart={chart}
            times={times}
            end={Date.parse(traffic.to) / 1000}
            marks={traffic.releases}
          />
        ))}
      </div>
      <h2>By version</h2>
      <VersionTrafficTable versions={traffic.versions} />
    </>
  );
}

function Totals({ traffic: { versions } }: { traffic: FlowTraffic }) {
  const sum = (of: (figures: (typeof versions)[number]["figures"]) => number): number =>
    versions.reduce((total, { figures }) => total + of(figures), 0);
  const turns = sum((figures) => figures.turns);
  const failed = sum((figures) => figures.failed);
  const unpriced = sum((figures) => figures.unpriced);
  const facts: [name: string, value: string, beside: string][] = [
    ["Requests", countOf(turns, "turn"), `${countOf(versions.length, "version")} served`],
    [
      "Errors",
      formatMetric("errors", "rate", turns === 0 ? null : failed / turns),
      `${countWords(failed)} of ${countOf(turns, "turn")}`,
    ],
    [
      "Tokens",
      countWords(sum(({ inputTokens, outputTokens }) => inputTokens + outputTokens)),
      `${countWords(sum(({ inputTokens }) => inputTokens))} in, ${countWords(sum(({ outputTokens }) => outputTokens))} out`,
    ],
    [
      "Cost",
      formatMetric(
        "cost",
        "mean",
        sum(({ cost }) => cost),
      ),
      unpriced > 0 ? `without ${countOf(unpriced, "turn")} of unknown price` : "US dollars",
    ],
    [
      "Feedback",
      `${countWords(sum(({ feedback }) => feedback.up))} up, ${countWords(sum(({ feedback }) => feedback.down))} down`,
      countOf(
        sum(({ blocked }) => blocked),
        "blocked turn",
      ),
    ],
  ];
  return (
    <div class="tiles totals">
      {facts.map(([name, value, beside]) => (
        <section key={name} class="tile" aria-label={name}>
          <h2>{name}</h2>
          <p class="big">{value}</p>
          <p class="quiet small">{beside}</p>
        </section>
      ))}
    </div>
  );
}
