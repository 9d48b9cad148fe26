import { createHash } from "node:crypto";
import type { MetricView, ReportView, RequirementView } from "../../shared/model/report-view.ts";
import { versionName } from "../../shared/model/version.ts";
import { type Html, html, raw } from "./html.ts";
import { changesSection, sentencesSection } from "./html-changes.ts";
import { evidenceSections } from "./html-evidence.ts";
import { rowsSection } from "./html-rows.ts";
import { intervalBar } from "./interval-bar.ts";
import { REPORT_STYLE } from "./report-style.ts";

const DATASETS = "What changed in the datasets since production was certified";

/** Nothing but the page's own style sheet, to the letter: no script, image, font, form, frame or connection. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(REPORT_STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'`;

/**
 * The report as one page that needs nothing else: verdict first, then each requirement with its interval, what changed
 * against the baseline, and the rows that need a reader. Every text in it is text.
 */
export function reportHtml(view: ReportView): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${raw(POLICY)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${view.headline}</title>
        ${raw(`<style>${REPORT_STYLE}</style>`)}
      </head>
      <body>
        <main>
          ${header(view)} ${requirementsSection(view.requirements)} ${metricsSection(view)}
          ${evidenceSections(view.evidence)} ${sentencesSection(DATASETS, view.datasetChanges)}
          ${changesSection(view.changes)} ${rowsSection(view.worst)}
        </main>
      </body>
    </html> `;
  return page.markup;
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

function requirementsSection(requirements: readonly RequirementView[]): Html | undefined {
  if (requirements.length === 0) return undefined;
  return html`<section>
    <h2>Requirements</h2>
    <table class="cards">
      <caption>
        What the gate asks, and what was measured. In the bars: the dot is the value, the thick line its 95 %
        interval, the dashed line what is needed.
      </caption>
      <thead>
        <tr>
          <th scope="col">requirement</th>
          <th scope="col">verdict</th>
          <th scope="col">measured</th>
          <th scope="col">95 % interval</th>
          <th scope="col">needed</th>
          <th scope="col">production</th>
          <th scope="col">difference</th>
        </tr>
      </thead>
      <tbody>
        ${requirements.map(requirementRows)}
      </tbody>
    </table>
  </section>`;
}

const MARKS: Record<RequirementView["outcome"], string> = {
  pass: "✓ pass",
  fail: "✗ fail",
  inconclusive: "? inconclusive",
  error: "! error",
};

function requirementRows(requirement: RequirementView): Html {
  const { name, outcome, value, interval, limit, baseline, difference, reason, power } = requirement;
  const cell = (head: string, text: string | undefined, more?: Html): Html =>
    text === undefined || text === "–"
      ? html`<td class="none">–</td>`
      : html`<td class="number" data-name="${head}">${text}${more}</td>`;
  const between = difference?.interval && `[${difference.interval.text}]`;
  return html`<tr class="first">
      <th scope="row">${name}</th>
      <td class="${outcome}">${MARKS[outcome]}</td>
      ${cell("measured", value.text)}${cell("95 % interval", interval?.text, intervalBar(requirement))}${cell("needed", limit.text)}${cell("production", baseline.text)}${cell("difference", difference && `${difference.text} ${between ?? ""}`)}
    </tr>
    <tr>
      <td class="reason" colspan="7">
        ${reason}${power === undefined ? undefined : html` <strong class="inconclusive">${power}</strong>`}
      </td>
    </tr> `;
}

function metricsSection({ metrics, baseline }: ReportView): Html {
  const compared = baseline !== undefined;
  const row = (view: MetricView): Html => {
    const cells: [string, string][] = [
      ["mean", view.mean.text],
      ...(compared ? [["production's mean", view.baselineMean.text] as [string, string]] : []),
      ["rows passing", view.passRate.text],
      ["a row passes at", view.rowThreshold ?? "–"],
      ["p95", view.p95.text],
      ["defects", String(view.defects)],
      ["scored", `${view.scored} of ${view.rows}`],
    ];
    return html`<tr>
      <th scope="row">${view.metric}</th>
      ${cells.map(([name, text]) => html`<td class="number${text === "–" ? " none" : ""}" data-name="${name}">${text}</td>`)}
    </tr> `;
  };
  return html`<section>
    <h2>What was measured</h2>
    <table class="cards">
      <caption>
        Every metric over the rows that were used.
      </caption>
      <thead>
        <tr>
          <th scope="col">metric</th>
          <th scope="col">mean</th>
          ${compared ? html`<th scope="col">production's mean</th>` : undefined}
          <th scope="col">rows passing</th>
          <th scope="col">a row passes at</th>
          <th scope="col">p95</th>
          <th scope="col">defects</th>
          <th scope="col">scored</th>
        </tr>
      </thead>
      <tbody>
        ${metrics.map(row)}
      </tbody>
    </table>
  </section>`;
}
