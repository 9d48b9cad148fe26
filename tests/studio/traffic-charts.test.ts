import { expect, test } from "vitest";
import type { FlowTraffic } from "../../shared/model/flow-traffic.ts";
import { trafficCharts } from "../../studio/data/traffic/traffic-charts.ts";

const minute = (at: number): string => new Date(Date.UTC(2026, 10, 27, 3, at)).toISOString();

/** What serves is scored in every minute, and a canary beside it in each that came to nothing. */
function trafficWith(canaries: number): FlowTraffic {
  const scores = Array.from({ length: canaries + 1 }, (_, at) =>
    ["serving", ...(at < canaries ? [`canary ${at}`] : [])].map((version) => ({
      at: minute(at),
      version,
      metric: "groundedness",
      turns: 1,
      mean: 4,
      failed: 0,
    })),
  ).flat();
  return {
    flow: "shop",
    from: minute(0),
    to: minute(canaries),
    stepSeconds: 60,
    points: [],
    versions: [],
    scores,
    releases: [],
  };
}

function scoreChart(canaries: number): { unit: string; labels: string[] } {
  const chart = trafficCharts(trafficWith(canaries)).find(({ title }) => title.startsWith("groundedness"));
  return { unit: chart?.unit ?? "", labels: chart?.lines.map(({ label }) => label) ?? [] };
}

test("a chart of scores has what serves, however many versions came and went beside it, and says what it leaves out", () => {
  const { unit, labels } = scoreChart(6);
  expect(labels).toHaveLength(4);
  expect(labels).toEqual(expect.arrayContaining(["serving", "canary 5"]));
  expect(unit).toContain("the 4 versions that were scored last");
  expect(scoreChart(2)).toEqual({
    unit: "mean of the turns that were sampled",
    labels: ["canary 0", "canary 1", "serving"],
  });
});
