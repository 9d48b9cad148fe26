import type { ReportView } from "../../shared/model/report-view.ts";
import { versionName } from "../../shared/model/version.ts";
import { type Html, html } from "./html.ts";
import { changesSection, sentencesSection } from "./html-changes.ts";
import { evidenceSections } from "./html-evidence.ts";
import { metricsSection } from "./html-metrics.ts";
import { htmlPage } from "./html-page.ts";
import { requirementsSection } from "./html-requirements.ts";
import { rowsSection } from "./html-rows.ts";

const DATASETS = "What changed in the datasets since production was certified";

/**
 * The report as one page that needs nothing else: verdict first, then each requirement with its interval, what changed
 * against the baseline, and the rows that need a reader. Every text in it is text.
 */
export function reportHtml(view: ReportView): string {
  return htmlPage(
    view.headline,
    html`${header(view)} ${requirementsSection(view.requirements)}
    ${metricsSection(view.metrics, view.baseline !== undefined)} ${evidenceSections(view.evidence)}
    ${sentencesSection(DATASETS, view.datasetChanges)}
    ${sentencesSection("What it is judged by changed", view.suiteChanges ?? [])}
    ${changesSection(view.changes)} ${rowsSection(view.worst)}`,
  );
}

function header(view: ReportView): Html {
  const { outcome, flow, baseline, rows, calls, spent, cost, models } = view;
  const told = new Set(view.requirements.map(({ reason }) => reason));
  const fact = (name: string, ...texts: (string | Html)[]): Html =>
    html`<div>
      <dt>${name}</dt>
      ${texts.map((text) => html`<dd>${text}</dd>`)}
    </div>`;
  return html`<header>
    <p class="outcome ${outcome}">${outcome}</p>
    <h1>${view.headline}</h1>
    <ul>
      ${view.reasons.filter((reason) => outcome === "error" || !told.has(reason)).map((reason) => html`<li>${reason}</li>`)}
    </ul>
    ${view.notices.map((notice) => html`<p class="notice">${notice}</p>`)}
    <dl class="facts">
      ${fact("Compared with", baseline === undefined ? "no earlier version" : `${versionName(flow, baseline)} in production`, html`<span class="quiet">suite ${view.suite}, run ${view.run}${PURPOSES[view.purpose]}</span>`)}
      ${fact("Rows used", `${rows.used} of ${rows.of}`, html`<span class="quiet">${rows.why}</span>`)}
      ${fact("Model calls", `${calls.made} made, ${calls.savedByCache} saved by the cache`, ...(calls.savedByStopping > 0 ? [`about ${calls.savedByStopping} saved by stopping early`] : []))}
      ${spent === undefined ? undefined : fact("The run used", spent)}
      ${fact("Answers cost", cost.text, html`<span class="quiet">of this version, without judges</span>`)}
      ${fact("Answered by", models.chat, html`<span class="quiet">judged by ${models.judge}</span>`)}
      ${fact("Decided", html`<time datetime="${view.decidedAt}">${view.decidedAt.slice(0, 16).replace("T", " ")} UTC</time>`, ...(view.author === undefined ? [] : [html`<span class="quiet">change by ${view.author}</span>`]))}
    </dl>
  </header>`;
}

const PURPOSES: Record<ReportView["purpose"], string> = {
  candidate: "",
  proposal: "; a proposal: judged, never released",
  recertification: "; the version in production, judged again on a changed suite",
};
