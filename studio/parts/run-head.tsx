import type { ComponentChildren } from "preact";
import type { RunDetail } from "../../shared/model/status.ts";
import { outcomeWords } from "../../shared/report/outcome-words.ts";
import { duration } from "../data/format-time.ts";
import { studioPath } from "../data/location.ts";
import { CommitWords } from "./change-words.tsx";
import { Moment } from "./moment.tsx";
import { RunBadge } from "./outcome-badge.tsx";
import { ReportLinks } from "./report-links.tsx";
import { RunProgress } from "./run-progress.tsx";

/** Which version was judged, what came of it, and what it took. */
export function RunHead({ detail }: { detail: RunDetail }) {
  const { plan, verdict, view, report } = detail;
  const { flow } = plan;
  const calls = verdict?.calls;
  const took = view && Date.parse(view.completedAt) - Date.parse(view.plannedAt);
  return (
    <header class="run-head">
      <div class="title-line">
        <h1>
          <code>{plan.version}</code> {verdict ? outcomeWords(verdict) : runningWords(detail)}
        </h1>
        <RunBadge run={detail} />
      </div>
      <CommitWords commit={plan.commit} />
      {detail.state === "running" && <RunProgress run={detail} />}
      <dl class="facts">
        <Fact name="Compared with">
          {plan.baseline === undefined ? (
            plan.purpose === "recertification" ? (
              "nothing: the version in production, judged again"
            ) : (
              "nothing: nothing was in production"
            )
          ) : (
            <a href={studioPath(["flows", flow, "compare"], { before: plan.baseline, after: plan.version })}>
              <code>{plan.baseline}</code>
            </a>
          )}
        </Fact>
        <Fact name="Suite">
          <a href={studioPath(["flows", flow, "suites", plan.suite])}>
            <code>{plan.suite}</code>
          </a>
        </Fact>
        <Fact name="Rows">{view ? `${view.rows.used} of ${view.rows.of}` : String(plan.rows)}</Fact>
        {calls && (
          <Fact name="Model calls">
            {calls.made} made, {calls.saved} saved by what was recorded
            {calls.avoided > 0 && `, about ${calls.avoided} by stopping early`}
          </Fact>
        )}
        {view && view.cost.total !== null && <Fact name="Answers cost">{view.cost.text}</Fact>}
        <Fact name="Models">{[...new Set([plan.models.chat, plan.models.judge])].join(", judged by ")}</Fact>
        <Fact name="Planned">
          <Moment at={plan.plannedAt} />
          {took !== undefined && `, took ${duration(took)}`}
        </Fact>
        {plan.purpose !== "candidate" && <Fact name="Purpose">{plan.purpose}</Fact>}
      </dl>
      {report && <ReportLinks flow={flow} run={plan.id} version={plan.version} />}
    </header>
  );
}

function runningWords({ state, plan }: RunDetail): string {
  if (state === "superseded") return "was not judged: a newer change came";
  return `is being judged on ${plan.rows} rows`;
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
