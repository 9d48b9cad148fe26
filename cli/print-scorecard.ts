import type { EvidenceLink, Scorecard } from "../shared/model/scorecard.ts";
import { evidenceWords } from "../shared/report/evidence-words.ts";
import { formatTime } from "./format-time.ts";
import type { Paint } from "./output.ts";
import { excerpt } from "./plain-text.ts";
import { printEvidence } from "./print-evidence.ts";
import { OUTCOME_COLOUR } from "./print-verdict.ts";
import { formatTable } from "./table.ts";
import { wrapText } from "./wrap-text.ts";

const MOST_FAILURES = 5;
const MARKS = { pass: "✓", fail: "✗", inconclusive: "?", error: "!" } as const;

/** A scorecard for the terminal. The page and `--json` have all of it. */
export function printScorecard(
  card: Scorecard,
  { paint, columns }: { paint: Paint; columns: number },
): string {
  const { use, data, results, fairness, guardrails, calibration, failures, decisions } = card;
  const width = Math.min(columns, 100);
  const title = (text: string, links: readonly EvidenceLink[]): string =>
    `\n${paint("bold", text)}${links.length > 0 ? paint("dim", `  ${links.map(evidenceWords).join(", ")}`) : ""}`;
  const lines = (...texts: (string | undefined)[]): string[] =>
    texts.flatMap((text) => (text === undefined ? [] : [wrapText(text, width)]));
  const missing = (text: string | undefined): string[] => lines(text).map((line) => paint("yellow", line));
  return [
    card.outcome === undefined ? card.headline : paint(OUTCOME_COLOUR[card.outcome], card.headline),
    card.chainIntact ? paint("dim", "The ledger is whole.") : paint("red", "The ledger is BROKEN."),
    title("Intended use and limits", use.evidence),
    ...missing(use.missing),
    ...lines(use.intendedUse, ...use.notFor.map((text) => `Not for: ${text}`)),
    ...lines(...use.limits.map((text) => `Limit: ${text}`), use.contact && `Contact: ${use.contact}`),
    title("Data used", data.evidence),
    ...missing(data.missing),
    ...lines(data.rows === "" ? undefined : data.rows),
    ...data.files.map(
      ({ path, purpose, sha256 }) =>
        `${excerpt(path, 80)}  ${paint("dim", `${purpose}, ${sha256.slice(0, 12)}`)}`,
    ),
    title("Quality and safety", results.evidence),
    ...missing(results.missing),
    ...(results.requirements.length === 0
      ? []
      : [
          formatTable({
            head: ["requirement", "measured", "95 % interval", "needed"],
            rows: results.requirements.map(({ name, outcome, value, interval, limit }) => [
              `${MARKS[outcome]} ${excerpt(name, 60)}`,
              value.text,
              interval?.text ?? "–",
              limit.text,
            ]),
            flexible: 0,
            alignRight: [1, 2, 3],
            columns,
            paint,
          }),
        ]),
    ...lines(...results.notices.map((notice) => `Note: ${excerpt(notice, 300)}`)),
    title("Fairness by group", fairness.evidence),
    ...missing(fairness.missing),
    ...printEvidence(fairness.tables, { paint, columns }),
    title("Guardrails", guardrails.evidence),
    ...missing(guardrails.missing),
    ...lines(...guardrails.statements.map(({ name, text }) => `${name}: ${excerpt(text, 200)}`)),
    title("Calibration of the judge", calibration.evidence),
    ...missing(calibration.missing),
    ...printEvidence(calibration.tables, { paint, columns }),
    title("Known failures", failures.evidence),
    ...missing(failures.missing),
    ...failures.rows.slice(0, MOST_FAILURES).flatMap(({ id, question, scores, error }) => {
      const failed = scores.filter(({ passed }) => passed !== true);
      const why = failed.map(({ metric, value }) => `${metric} ${value.text}`).join(", ");
      return lines(
        `${excerpt(id, 40)}: ${excerpt(question ?? "", 120)}  ${error ? excerpt(error, 120) : why}`,
      );
    }),
    title("Who decided what", []),
    ...(decisions.length === 0 ? missing("Nothing was decided about this version.") : []),
    ...decisions.flatMap(({ kind, at, actor, reason, evidence }) =>
      lines(
        `${formatTime(at)}  ${kind.replaceAll("_", " ")} by ${excerpt(actor, 60)}: ${excerpt(reason, 200)} (${evidenceWords(evidence)})`,
      ),
    ),
  ].join("\n");
}
