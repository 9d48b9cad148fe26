import type { Scorecard } from "../../shared/model/scorecard.ts";
import { flowApi } from "../data/api.ts";
import { useLive } from "../data/use-live.ts";
import type { Page } from "../page.ts";
import { CommitWords } from "../parts/change-words.tsx";
import { Evidence } from "../parts/evidence.tsx";
import { FileLink } from "../parts/file-link.tsx";
import { MetricsTable } from "../parts/metrics-table.tsx";
import { Moment } from "../parts/moment.tsx";
import { Requirements } from "../parts/requirements.tsx";
import { DataSection } from "../parts/scorecard/data-section.tsx";
import { DecisionsSection } from "../parts/scorecard/decisions-section.tsx";
import { FailuresSection } from "../parts/scorecard/failures-section.tsx";
import { Section } from "../parts/scorecard/section.tsx";
import { UseSection } from "../parts/scorecard/use-section.tsx";
import { ScorecardJson } from "../parts/scorecard-links.tsx";
import { Loaded } from "../parts/states.tsx";

export const scorecardPage: Page = {
  path: "/flows/{flow}/versions/{version}/scorecard",
  title: ({ flow = "", version = "" }) => `Scorecard of ${flow}@${version}`,
  view: ScorecardPage,
};

/** It changes with decisions only, and is made of the whole ledger. */
const EVERY_MS = 30_000;

/** What a version is for, what it was shown to do, and who decided it; each part leads to where it stands. */
function ScorecardPage({ parameters: { flow = "", version = "" } }: { parameters: Record<string, string> }) {
  const live = useLive<Scorecard>(flowApi(flow, "versions", version, "scorecard"), { everyMs: EVERY_MS });
  return (
    <Loaded live={live} what="the scorecard">
      {(card) => (
        <>
          <Head card={card} />
          <UseSection card={card} />
          <DataSection card={card} />
          <Results card={card} />
          <Section title="Fairness by group" flow={flow} {...card.fairness}>
            <Evidence sections={card.fairness.tables} />
          </Section>
          <Section title="Guardrails" flow={flow} {...card.guardrails}>
            <dl class="facts">
              {card.guardrails.statements.map(({ name, text }) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </Section>
          <Section title="Calibration of the judge" flow={flow} {...card.calibration}>
            <Evidence sections={card.calibration.tables} />
          </Section>
          <FailuresSection card={card} />
          <DecisionsSection card={card} />
        </>
      )}
    </Loaded>
  );
}

function Head({ card: { flow, version, headline, createdAt, commit, chainIntact } }: { card: Scorecard }) {
  return (
    <header>
      <h1>Scorecard: {headline}</h1>
      <CommitWords commit={commit} />
      <p class="quiet small">
        First seen <Moment at={createdAt} />.{" "}
        {chainIntact && "The ledger is whole: each entry’s hash and its link to the one before hold."}
      </p>
      {!chainIntact && (
        <p class="note fail" role="alert">
          The ledger’s chain of hashes is broken: an entry was changed or lost.
        </p>
      )}
      <p class="links">
        <FileLink
          address={flowApi(flow, "versions", version, "scorecard.html")}
          words="As one page to keep"
          file={`${flow}-${version}-scorecard.html`}
          type="text/html"
        />
        <ScorecardJson flow={flow} version={version} />
      </p>
    </header>
  );
}

function Results({ card: { flow, results } }: { card: Scorecard }) {
  const { headline, notices, requirements, metrics, answeredBy, judgedBy, missing, evidence } = results;
  return (
    <Section title="Quality and safety" {...{ flow, missing, evidence }}>
      {headline !== undefined && <p>{headline}.</p>}
      {notices.map((notice) => (
        <p key={notice} class="note open">
          {notice}
        </p>
      ))}
      {answeredBy !== undefined && (
        <p class="quiet small">
          Answered by {answeredBy}, judged by {judgedBy ?? "nobody"}.
        </p>
      )}
      {requirements.length > 0 && <Requirements requirements={requirements} />}
      {metrics.length > 0 && <MetricsTable metrics={metrics} />}
    </Section>
  );
}
