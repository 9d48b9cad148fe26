import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { IntakeState, SupersededChange } from "../../shared/model/intake.ts";
import type { LedgerEntry, LedgerKind } from "../../shared/model/release.ts";
import type { RunStatus } from "../../shared/model/status.ts";
import { DECISIONS } from "../data/decision-words.ts";
import { clockTime, dayOf, moment, timeZone } from "../data/format-time.ts";
import { studioPath } from "../data/location.ts";
import { Badge } from "./badge.tsx";
import { CommitWords } from "./change-words.tsx";
import { RunBadge } from "./outcome-badge.tsx";
import { RefusalDetails } from "./refusal-details.tsx";

type Item = { at: string } & (
  | { entry: LedgerEntry }
  | { refusal: IntakeState }
  | { superseded: SupersededChange }
  | { run: RunStatus }
);

/** Decisions, refusals, what was overtaken and the run that goes on, on one line of time, newest first, by day. */
export function TimeLine({
  flow,
  entries,
  refusals = [],
  superseded = [],
  run,
  marked,
}: {
  flow: string;
  entries: readonly LedgerEntry[];
  refusals?: readonly IntakeState[];
  superseded?: readonly SupersededChange[];
  /** That nothing was decided about yet. */
  run?: RunStatus | undefined;
  /** The sequence of the entry that the page's address names. */
  marked?: number | undefined;
}) {
  const items: Item[] = [
    ...(run ? [{ at: run.plan.plannedAt, run }] : []),
    ...entries.map((entry) => ({ at: entry.at, entry })),
    ...refusals.map((refusal) => ({ at: refusal.at, refusal })),
    ...superseded.map((change) => ({ at: change.at, superseded: change })),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const days = Map.groupBy(items, ({ at }) => dayOf(new Date(at)));
  return (
    <>
      {[...days].map(([day, ofDay]) => (
        <section key={day} aria-label={day}>
          <h3 class="day">
            {day}, <span class="zone">{timeZone()}</span>
          </h3>
          <ol class="time-line">
            {ofDay.map((item) => (
              <MarkedItem
                key={item.at + ("entry" in item ? item.entry.sequence : "")}
                isMarked={"entry" in item && item.entry.sequence === marked}
              >
                <time dateTime={item.at} title={moment(new Date(item.at))}>
                  {clockTime(new Date(item.at))}
                </time>
                {"entry" in item && <Decision flow={flow} entry={item.entry} />}
                {"refusal" in item && <Refusal refusal={item.refusal} />}
                {"superseded" in item && <Superseded flow={flow} change={item.superseded} />}
                {"run" in item && <OpenRun flow={flow} run={item.run} />}
              </MarkedItem>
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

/** The one that the address names is marked, in view, and where one goes on by keyboard or ear. */
function MarkedItem({ isMarked, children }: { isMarked: boolean; children: ComponentChildren }) {
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (!isMarked) return;
    item.current?.scrollIntoView({ block: "center" });
    item.current?.focus({ preventScroll: true });
  }, [isMarked]);
  if (!isMarked) return <li>{children}</li>;
  return (
    <li ref={item} tabIndex={-1} class="marked" aria-current="true">
      {children}
    </li>
  );
}

/** After these, `from` serves no longer. */
const REPLACES = new Set<LedgerKind>(["promoted", "rolled_back"]);

function Decision({ flow, entry }: { flow: string; entry: LedgerEntry }) {
  const { kind, version, run, from, actor, reason, commit, weight, sequence, hash } = entry;
  const [tone, words] = DECISIONS[kind];
  return (
    <div class="event">
      <div class="event-head">
        <Badge tone={tone}>{words}</Badge>
        <code class="version">{version}</code>
        {weight !== undefined && weight > 0 && (
          <span class="quiet">{Number((weight * 100).toFixed(2))} % of sessions</span>
        )}
        {from !== undefined && from !== version && (
          <span class="quiet">
            {REPLACES.has(kind) ? "in place of" : "production stays with"} <code>{from}</code>
          </span>
        )}
      </div>
      <p class="reason">
        {actor !== "system" && <strong>{actor}: </strong>}
        {reason}
      </p>
      <CommitWords commit={commit} />
      <p class="links small">
        {run !== undefined && <a href={studioPath(["flows", flow, "runs", run])}>Run</a>}
        <a
          href={studioPath(["flows", flow], { entry: String(sequence) })}
          title={`Ledger entry ${sequence}, ${hash}`}
        >
          #{sequence} <code>{hash.slice(0, 8)}…</code>
        </a>
        {from !== undefined && from !== version && (
          <a href={studioPath(["flows", flow, "compare"], { before: from, after: version })}>Compare</a>
        )}
      </p>
    </div>
  );
}

function OpenRun({ flow, run }: { flow: string; run: RunStatus }) {
  const { id, version, baseline, commit } = run.plan;
  return (
    <div class="event">
      <div class="event-head">
        <RunBadge run={run} />
        <code class="version">{version}</code>
        {baseline !== undefined && (
          <span class="quiet">
            compared with <code>{baseline}</code>
          </span>
        )}
      </div>
      <CommitWords commit={commit} />
      <p class="links small">
        <a href={studioPath(["flows", flow, "runs", id])}>Run</a>
      </p>
    </div>
  );
}

function Superseded({ flow, change: { version, run, commit } }: { flow: string; change: SupersededChange }) {
  const [tone, words] = DECISIONS.superseded;
  return (
    <div class="event">
      <div class="event-head">
        <Badge tone={tone}>{words}</Badge>
        <code class="version">{version}</code>
        <span class="quiet">a newer change came before it was judged</span>
      </div>
      <CommitWords commit={commit} />
      {run !== undefined && (
        <p class="links small">
          <a href={studioPath(["flows", flow, "runs", run])}>Run</a>
        </p>
      )}
    </div>
  );
}

function Refusal({ refusal: { commit, outcome } }: { refusal: IntakeState }) {
  return (
    <div class="event">
      <div class="event-head">
        <Badge tone="fail">refused</Badge>
        <span class="quiet">no version was made of it; production is untouched</span>
      </div>
      <CommitWords commit={commit} />
      {outcome.kind === "refused" && <RefusalDetails diagnostics={outcome.diagnostics} />}
    </div>
  );
}
