import type { DataFile, Decision, EvidenceLink, Scorecard } from "../../shared/model/scorecard.ts";
import { evidenceAddress } from "../../shared/report/evidence-address.ts";
import { evidenceWords } from "../../shared/report/evidence-words.ts";
import { type Html, html } from "./html.ts";
import { evidenceSections } from "./html-evidence.ts";
import { metricsSection } from "./html-metrics.ts";
import { htmlPage } from "./html-page.ts";
import { requirementsSection } from "./html-requirements.ts";
import { rowsSection } from "./html-rows.ts";

/** A scorecard, and the platform that its links lead to. */
type Page = Scorecard & { origin: string };

/**
 * The scorecard as one page; what it says leads to where it stands. The page is kept as a file, so its addresses begin
 * with the platform's origin, such as `https://app.example`.
 */
export function scorecardHtml(scorecard: Scorecard, origin: string): string {
  const card: Page = { ...scorecard, origin };
  const { results, fairness, calibration, failures, guardrails } = card;
  return htmlPage(
    `Scorecard of ${card.flow}@${card.version}`,
    html`${header(card)} ${useSection(card)} ${dataSection(card)}
      <h2>Quality and safety</h2>
      ${missing(results.missing)} ${results.headline !== undefined && html`<p>${results.headline}.</p>`}
      ${results.notices.map((notice) => html`<p class="notice">${notice}</p>`)}
      ${results.answeredBy !== undefined && html`<p class="quiet">Answered by ${results.answeredBy}, judged by ${results.judgedBy ?? "nobody"}.</p>`}
      ${evidenceLine(card, results.evidence)} ${requirementsSection(results.requirements)}
      ${
        results.metrics.length > 0 &&
        metricsSection(
          results.metrics,
          results.metrics.some(({ baselineMean }) => baselineMean.value !== null),
        )
      }
      <h2>Fairness by group</h2>
      ${missing(fairness.missing)} ${evidenceSections(fairness.tables)}
      ${evidenceLine(card, fairness.evidence)}
      <h2>Guardrails</h2>
      ${missing(guardrails.missing)}
      <dl class="facts">${guardrails.statements.map(({ name, text }) => fact(name, text))}</dl>
      ${evidenceLine(card, guardrails.evidence)}
      <h2>Calibration of the judge</h2>
      ${missing(calibration.missing)} ${evidenceSections(calibration.tables)}
      ${evidenceLine(card, calibration.evidence)}
      ${rowsSection(failures.rows, "Known failures", ({ evidence }) => evidenceLink(card, evidence, "All of this row")) ?? html`<h2>Known failures</h2>`}
      ${missing(failures.missing)} ${evidenceLine(card, failures.evidence)} ${decisionsSection(card)}`,
  );
}

function header({ headline, flow, version, outcome, createdAt, commit, chainIntact }: Scorecard): Html {
  return html`<header>
    ${outcome !== undefined && html`<p class="outcome ${outcome}">${outcome}</p>`}
    <h1>Scorecard: ${headline}</h1>
    <dl class="facts">
      ${fact("Version", `${flow}@${version}`)} ${fact("First seen", timeWords(createdAt))}
      ${commit?.author !== undefined && fact("Changed by", commit.author)}
      ${commit?.message !== undefined && fact("As", commit.message.split("\n")[0] ?? "")}
      ${fact("Ledger", chainIntact ? "whole: every entry and every link between them holds" : "BROKEN: an entry is not what was written")}
    </dl>
  </header>`;
}

function useSection(card: Page): Html {
  const { use } = card;
  const list = (title: string, texts: readonly string[]): Html | undefined =>
    texts.length === 0
      ? undefined
      : html`<h3>${title}</h3>
          <ul>
            ${texts.map((text) => html`<li>${text}</li>`)}
          </ul>`;
  return html`<section>
    <h2>Intended use and limits</h2>
    ${missing(use.missing)} ${use.intendedUse !== undefined && html`<p>${use.intendedUse}</p>`}
    ${list("Not for", use.notFor)} ${list("Limits", use.limits)}
    ${use.contact !== undefined && html`<p>Who answers for it: ${use.contact}</p>`}
    ${evidenceLine(card, use.evidence)}
  </section>`;
}

function dataSection(card: Page): Html {
  const { data } = card;
  const row = ({ path, purpose, bytes, sha256, evidence }: DataFile): Html =>
    html`<tr>
      <th scope="row">${evidenceLink(card, evidence, path)}</th>
      <td data-name="what">${purpose}</td>
      <td class="number" data-name="bytes">${bytes}</td>
      <td class="number" data-name="SHA-256"><code>${sha256.slice(0, 16)}…</code></td>
    </tr>`;
  return html`<section>
    <h2>Data used</h2>
    ${missing(data.missing)} ${data.rows !== "" && html`<p>${data.rows}.</p>`}
    ${
      data.files.length > 0 &&
      html`<table class="cards">
        <caption>
          The files that it is judged by, and that it answers from.
        </caption>
        <thead>
          <tr>
            <th scope="col">file</th>
            <th scope="col">what</th>
            <th scope="col">bytes</th>
            <th scope="col">SHA-256</th>
          </tr>
        </thead>
        <tbody>
          ${data.files.map(row)}
        </tbody>
      </table>`
    }
    ${evidenceLine(card, data.evidence)}
  </section>`;
}

function decisionsSection(card: Page): Html {
  const row = ({ kind, at, actor, reason, commit, evidence }: Decision): Html =>
    html`<tr>
      <th scope="row">${kind.replaceAll("_", " ")}</th>
      <td data-name="when">${timeWords(at)}</td>
      <td data-name="by">${actor}</td>
      <td data-name="why">${reason}</td>
      <td class="${commit?.author === undefined ? "none" : ""}" data-name="change by">
        ${commit?.author ?? "–"}
      </td>
      <td data-name="ledger">${evidenceLink(card, evidence)}</td>
    </tr>`;
  return html`<section>
    <h2>Who decided what</h2>
    ${
      card.decisions.length === 0
        ? missing("Nothing was decided about this version.")
        : html`<table class="cards">
            <caption>
              Every entry of the ledger about this version, in order. "system" is the gate itself.
            </caption>
            <thead>
              <tr>
                <th scope="col">decision</th>
                <th scope="col">when</th>
                <th scope="col">by</th>
                <th scope="col">why</th>
                <th scope="col">change by</th>
                <th scope="col">ledger</th>
              </tr>
            </thead>
            <tbody>
              ${card.decisions.map(row)}
            </tbody>
          </table>`
    }
  </section>`;
}

function fact(name: string, text: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${text}</dd>
  </div>`;
}

function missing(text: string | undefined): Html | undefined {
  return text === undefined ? undefined : html`<p class="notice">${text}</p>`;
}

function evidenceLine(card: Page, links: readonly EvidenceLink[]): Html | undefined {
  if (links.length === 0) return undefined;
  return html`<p class="reason">
    Evidence: ${links.map((link, index) => html`${index > 0 && ", "}${evidenceLink(card, link)}`)}
  </p>`;
}

function evidenceLink({ flow, origin }: Page, link: EvidenceLink, text = evidenceWords(link)): Html {
  return html`<a href="${origin}${evidenceAddress(flow, link)}">${text}</a>`;
}

function timeWords(at: string): string {
  return `${at.slice(0, 16).replace("T", " ")} UTC`;
}
