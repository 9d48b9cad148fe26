import { useMemo } from "preact/hooks";
import type { RunDetail } from "../../shared/model/status.ts";
import { flowApi } from "../data/api.ts";
import { lateRowsWords } from "../data/late-rows.ts";
import { usePlace } from "../data/location.ts";
import { OPERATIONAL } from "../data/row-metrics.ts";
import { useLive } from "../data/use-live.ts";
import type { PlacedRow } from "../data/placed-row.ts";
import { useRunRows } from "../data/use-run-rows.ts";
import type { Page } from "../page.ts";
import { ChangeList } from "../parts/change-list.tsx";
import { Evidence } from "../parts/evidence.tsx";
import { MetricsTable } from "../parts/metrics-table.tsx";
import { Requirements } from "../parts/requirements.tsx";
import { RunHead } from "../parts/run-head.tsx";
import { RunRows } from "../parts/run-rows.tsx";
import { Slices } from "../parts/slices.tsx";
import { Loaded } from "../parts/states.tsx";

export const runPage: Page = {
  path: "/flows/{flow}/runs/{run}",
  title: ({ flow = "", run = "" }) => `Run ${run} of ${flow}`,
  view: RunPage,
};

const isRunning = ({ state }: RunDetail): boolean => state === "running";

/** One run: what had to hold, what was measured, and every row of it. While it runs, as far as it is. */
function RunPage({ parameters: { flow = "", run = "" } }: { parameters: Record<string, string> }) {
  const live = useLive<RunDetail>(flowApi(flow, "runs", run), { isBusy: isRunning });
  return (
    <Loaded live={live} what="the run">
      {(detail) => <Run detail={detail} />}
    </Loaded>
  );
}

function Run({ detail }: { detail: RunDetail }) {
  const { plan, view, verdict } = detail;
  const sought = usePlace().query.get("row");
  const loaded = useRunRows(plan.flow, plan.id, {
    shards: plan.shards,
    arrived: isRunning(detail) ? (detail.shardsIn ?? []) : undefined,
    sought,
  });
  const thresholds = useMemo(
    () =>
      new Map(
        (view?.metrics ?? []).flatMap(({ metric, rowThreshold }) =>
          rowThreshold ? [[metric, rowThreshold] as const] : [],
        ),
      ),
    [view],
  );
  const scored = useMemo(() => metricsOf(loaded.rows, view), [loaded.rows, view]);
  const compared = loaded.rows.some(({ result }) => result.baseline !== undefined);
  const told = new Set(view?.requirements.map(({ reason }) => reason));
  const reasons =
    verdict?.outcome === "pass" ? [] : (verdict?.reasons ?? []).filter((reason) => !told.has(reason));
  return (
    <>
      <RunHead detail={detail} />
      {reasons.map((reason) => (
        <p key={reason} class="note fail">
          {reason}
        </p>
      ))}
      {view?.notices.map((notice) => (
        <p key={notice} class="note open">
          {notice}
        </p>
      ))}
      {view && (
        <>
          <h2>Requirements</h2>
          <Requirements requirements={view.requirements} />
          {view.changes && (
            <>
              <h2>What changed against production</h2>
              <ChangeList changes={view.changes} same="No prompt, knowledge, step or parameter differs." />
            </>
          )}
        </>
      )}
      {view && (
        <>
          <h2>What was measured</h2>
          <MetricsTable metrics={view.metrics} />
          <p class="quiet small measure">
            {view.rows.why} {lateRowsWords(view, loaded.rows.length)}
          </p>
          <Evidence sections={view.evidence} />
          {view.datasetChanges.length > 0 && (
            <>
              <h2>Against the datasets that production was certified on</h2>
              {view.datasetChanges.map((sentence) => (
                <p key={sentence}>{sentence}</p>
              ))}
            </>
          )}
        </>
      )}
      <Slices rows={loaded.rows} metrics={scored} compared={compared} />
      <RunRows
        flow={plan.flow}
        run={plan.id}
        metrics={[...scored, ...OPERATIONAL]}
        {...{ loaded, thresholds, compared }}
      />
    </>
  );
}

/** The metrics that rows are scored by, in the report's order once there is one. */
function metricsOf(rows: readonly PlacedRow[], view: RunDetail["view"]): string[] {
  const found = new Set(rows.flatMap(({ result }) => Object.keys(result.candidate.scores)));
  const inOrder = (view?.metrics ?? []).map(({ metric }) => metric).filter((metric) => found.has(metric));
  return [...new Set([...inOrder, ...found])];
}
