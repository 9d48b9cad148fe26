import { useMemo } from "preact/hooks";
import type { FlowTraffic } from "../../shared/model/flow-traffic.ts";
import { formatMetric } from "../../shared/model/format-metric.ts";
import { flowApi } from "../data/api.ts";
import { moment, timeZone } from "../data/format-time.ts";
import { usePlace } from "../data/location.ts";
import { countOf, countWords } from "../data/number-words.ts";
import { chosenEnd, chosenHours, rangeWords } from "../data/traffic/ranges.ts";
import { stepTimes, stepWords, trafficCharts } from "../data/traffic/traffic-charts.ts";
import { useLive } from "../data/use-live.ts";
import type { Page } from "../page.ts";
import { Loaded } from "../parts/states.tsx";
import { NoTraffic } from "../parts/traffic/no-traffic.tsx";
import { ReleaseList } from "../parts/traffic/release-list.tsx";
import { TimeChoice } from "../parts/traffic/time-choice.tsx";
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
/** What is over changes little. */
const PAST_MS = 60_000;

/** What a flow served in some hours, over time and by version: in the last ones, or in those up to a time. */
function TrafficPage({ parameters: { flow = "" } }: { parameters: Record<string, string> }) {
  const { query } = usePlace();
  const hours = chosenHours(query.get("hours"));
  const end = chosenEnd(query.get("to"));
  const asked = new URLSearchParams({ hours: String(hours), ...(end && { to: end.toISOString() }) });
  const live = useLive<FlowTraffic>(`${flowApi(flow, "traffic")}?${asked.toString()}`, {
    everyMs: end ? PAST_MS : EVERY_MS,
  });
  const time = end ? `the ${rangeWords(hours)} to ${moment(end)}` : `the last ${rangeWords(hours)}`;
  return (
    <>
      <div class="page-head">
        <h1>Traffic of {time}</h1>
        <TimeChoice flow={flow} hours={hours} end={end} shownTo={live.value?.to} />
      </div>
      <Loaded live={live} what="the traffic">
        {(traffic) =>
          traffic.points.length === 0 && traffic.scores.length === 0 ? (
            <NoTraffic traffic={traffic} time={time} />
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
        What happened {stepWords(traffic.stepSeconds)}; the last of them is not whole. Numbered lines are the
        releases above. Times are those of {timeZone()}.
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
  const blocked = sum((figures) => figures.blocked);
  const up = sum(({ feedback }) => feedback.up);
  const down = sum(({ feedback }) => feedback.down);
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
    ["Feedback", `${countWords(up)} up, ${countWords(down)} down`, countOf(up + down, "rating")],
    ["Guardrails", countOf(blocked, "blocked turn"), `of ${countOf(turns, "turn")}`],
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
