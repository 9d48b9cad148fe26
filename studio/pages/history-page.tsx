import { useEffect, useState } from "preact/hooks";
import type { LedgerEntry } from "../../shared/model/release.ts";
import type { FlowHistory, FlowStatus } from "../../shared/model/status.ts";
import { flowApi } from "../data/api.ts";
import { isUnderWay } from "../data/is-under-way.ts";
import { setQuery, usePlace } from "../data/location.ts";
import { useLive } from "../data/use-live.ts";
import type { Page } from "../page.ts";
import { FlowNow } from "../parts/flow-now.tsx";
import { ProposalRuns } from "../parts/proposal-runs.tsx";
import { Loaded } from "../parts/states.tsx";
import { TimeLine } from "../parts/time-line.tsx";

export const historyPage: Page = {
  path: "/flows/{flow}",
  title: ({ flow = "" }) => flow,
  tab: { label: "History" },
  view: HistoryPage,
};

const FIRST = 50;
const MOST = 1000;

/** What serves and what goes on, and below it the run that goes on, every decision and every refusal, newest first. */
function HistoryPage({ parameters: { flow = "" } }: { parameters: Record<string, string> }) {
  const { query } = usePlace();
  const marked = entryOf(query.get("entry"));
  const [reach, setReach] = useState(FIRST);
  const top = query.get("all") === null ? reach : MOST;
  const status = useLive<FlowStatus>(flowApi(flow), { isBusy: isUnderWay });
  const busy = status.value !== undefined && isUnderWay(status.value);
  const history = useLive<FlowHistory>(`${flowApi(flow, "history")}?top=${top}`, {
    isBusy: ({ underWay }) => underWay?.state === "running",
    everyMs: busy ? 1_000 : 5_000,
  });
  const newest = history.value?.entries[0]?.sequence;
  useEffect(() => {
    // As many as it takes to have the entry that the address names among them.
    if (marked !== undefined && newest !== undefined) {
      setReach((before) => Math.min(MOST, Math.max(before, newest - marked + 1)));
    }
  }, [marked, newest]);
  return (
    <>
      <h1 class="visually-hidden">{flow}</h1>
      <Loaded live={status} what={flow}>
        {(value) => <FlowNow status={value} />}
      </Loaded>
      <ProposalRuns flow={flow} />
      <h2>History</h2>
      {(status.error === undefined || status.error.isPassing) && (
        <Loaded live={history} what="the history">
          {(value) => (
            <>
              <ChainNote history={value} />
              <MissingNote marked={marked} entries={value.entries} />
              <TimeLine
                flow={flow}
                entries={value.entries}
                refusals={value.refusals}
                superseded={value.superseded}
                run={value.underWay}
                marked={marked}
              />
              {isCut(value, top) && (
                <button type="button" onClick={() => setQuery({ all: "yes" })}>
                  Show older ones
                </button>
              )}
            </>
          )}
        </Loaded>
      )}
    </>
  );
}

function ChainNote({ history: { chainIntact, entries } }: { history: FlowHistory }) {
  if (!chainIntact) {
    return (
      <p class="note fail" role="alert">
        The ledger’s chain of hashes is broken: an entry was changed or lost.
      </p>
    );
  }
  if (entries.length === 0) return <p class="quiet">Nothing was decided yet.</p>;
  return (
    <p class="quiet small">The ledger is whole: each entry’s hash and its link to the one before hold.</p>
  );
}

/** Of an address that names what is not there: nothing above or below the time line would tell. */
function MissingNote({ marked, entries }: { marked: number | undefined; entries: readonly LedgerEntry[] }) {
  const [newest] = entries;
  if (marked === undefined || !newest || entries.some(({ sequence }) => sequence === marked)) return null;
  if (marked > newest.sequence) return <p class="note open">The ledger has no entry {marked} yet.</p>;
  if (newest.sequence - marked < MOST) return null;
  return (
    <p class="note open">
      Entry {marked} is older than the {MOST} that are shown here.
    </p>
  );
}

function entryOf(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

function isCut({ entries, refusals, superseded }: FlowHistory, top: number): boolean {
  return top < MOST && [entries, refusals, superseded].some(({ length }) => length === top);
}
