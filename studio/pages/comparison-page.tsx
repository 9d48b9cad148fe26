import type { FlowStatus, VersionComparison } from "../../shared/model/status.ts";
import { flowApi } from "../data/api.ts";
import { useDefaultQuery, usePlace } from "../data/location.ts";
import { useLive } from "../data/use-live.ts";
import { useVersions } from "../data/use-versions.ts";
import type { Page } from "../page.ts";
import { ChangeList } from "../parts/change-list.tsx";
import { RowComparison } from "../parts/row-comparison.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { VersionChoice } from "../parts/version-choice.tsx";

export const comparisonPage: Page = {
  path: "/flows/{flow}/compare",
  title: ({ flow = "" }) => `Compare versions of ${flow}`,
  tab: { label: "Compare" },
  view: ComparisonPage,
};

/** Two versions stay as they are, so what was found stays too. */
const RARELY = { everyMs: 60_000 };

/** How two versions differ: in their files, in what judged them, and on the rows that both answered. */
function ComparisonPage({ parameters: { flow = "" } }: { parameters: Record<string, string> }) {
  const { query } = usePlace();
  const live = useVersions(flow);
  const versions = live.value?.known ?? [];
  const after = query.get("after") ?? versions[0]?.version;
  const before =
    query.get("before") ??
    comparedWith(live.value?.status, after) ??
    versions.find(({ version }) => version !== after)?.version;
  useDefaultQuery({ before, after });
  const path =
    before === undefined || after === undefined
      ? undefined
      : `${flowApi(flow, "comparison")}?${new URLSearchParams({ before, after }).toString()}`;
  const comparison = useLive<VersionComparison>(path, RARELY);
  return (
    <Loaded live={live} what="the versions">
      {() =>
        before === undefined || after === undefined ? (
          <Empty title="There is nothing to compare yet">A second version of {flow} is needed.</Empty>
        ) : (
          <>
            <h1>Compare two versions</h1>
            <VersionChoice versions={versions} before={before} after={after} />
            <Loaded live={comparison} what="the comparison">
              {(value) => <Comparison comparison={value} />}
            </Loaded>
          </>
        )
      }
    </Loaded>
  );
}

/** What serves, or of what serves the version before it. */
function comparedWith(status: FlowStatus | undefined, version: string | undefined): string | undefined {
  const { stable, previous } = status?.release ?? {};
  return stable?.version === version ? previous?.version : stable?.version;
}

function Comparison({ comparison }: { comparison: VersionComparison }) {
  const { flow, before, after, version, suite, evaluated } = comparison;
  return (
    <>
      {evaluated ? (
        <RowComparison flow={flow} evaluated={evaluated} />
      ) : (
        before.manifest.id !== after.manifest.id && (
          <p class="note open">No suite judged both, so their answers cannot be compared.</p>
        )
      )}
      <h2>What answers differently</h2>
      <ChangeList
        changes={version}
        same="They answer alike: no prompt, knowledge, step or parameter differs."
      />
      <h2>What judges differently</h2>
      {suite ? (
        <ChangeList changes={suite} same="They are judged alike: no dataset, evaluator or gate differs." />
      ) : (
        <p class="quiet">One of them was never judged.</p>
      )}
    </>
  );
}
