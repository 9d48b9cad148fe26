import { expect, test } from "vitest";
import { printEvidence } from "../../../cli/print-evidence.ts";
import { reportHtml } from "../../../pipelines/decide/report-html.ts";
import { reportMarkdown } from "../../../pipelines/decide/report-markdown.ts";
import type { Report } from "../../../shared/model/run.ts";
import { reportView } from "../../../shared/report/report-view.ts";
import { HOSTILE_TEXTS } from "./hostile-rows.ts";
import { SUITE, sampleReport, sampleVerdict } from "./report-samples.ts";

/** A judge who is half a point too kind, two groups and a counterfactual; `text` is what people and models wrote. */
function evidence(text: string): Pick<Report, "calibration" | "fairness"> {
  return {
    calibration: [
      {
        metric: "groundedness",
        labels: 32,
        missing: 1,
        agreement: { value: 0.713, interval: { low: 0.51, high: 0.92 } },
        weighted: 0.8,
        bias: { value: 0.5, interval: { low: 0.25, high: 0.75 } },
        corrected: { value: 4.12, interval: { low: 3.8, high: 4.44 } },
        disagreed: 1,
        disagreements: [
          { row: text, question: text, answer: text, human: 2, judge: 5, reason: text, note: text },
        ],
      },
    ],
    fairness: [
      {
        requirement: { of: "groundedness", by: "customer.region", gap: 0.3 },
        groups: [
          {
            group: text,
            rows: 40,
            missing: 2,
            clusters: 38,
            mean: 4.5,
            interval: { low: 4.25, high: 4.75 },
            enough: true,
          },
        ],
        ungrouped: 3,
        tooMany: false,
        needed: 12,
        gap: undefined,
        pairs: undefined,
      },
      {
        requirement: { of: "groundedness", counterfactual: "gender", gap: 0.2 },
        groups: [],
        ungrouped: 0,
        tooMany: false,
        needed: 9,
        gap: undefined,
        pairs: {
          pairs: 40,
          missing: 0,
          clusters: 40,
          difference: -0.25,
          interval: { low: -0.4, high: -0.1 },
        },
      },
    ],
  };
}

function viewOf(text: string): ReturnType<typeof reportView> {
  return reportView(sampleReport({ ...evidence(text), worst: [] }), sampleVerdict(), SUITE, undefined);
}

test("the Markdown shows how far the judge can be believed, where it errs, and each group", () => {
  const markdown = reportMarkdown(viewOf("north"));
  expect(markdown).toContain("## How far the judge can be believed");
  expect(markdown).toContain(
    "| groundedness | 32, 1 more not scorable | 0.71 \\(0.51 to 0.92\\) | 1 | 0.8 | \\+0.5 \\(0.25 to 0.75\\) | 4.12 \\(3.8 to 4.44\\) |",
  );
  expect(markdown).toContain(
    "### north: groundedness 2 by a person, 5 by the judge\n\n- question: north\n- answer: north",
  );
  expect(markdown).toContain("| north | 40, 2 without a value | 4.5 | 4.25 to 4.75 | yes |");
  expect(markdown).toContain(
    "A group needs 12 rows to tell the accepted gap from none in 80 % of runs. 3 rows have no customer.region.",
  );
  expect(markdown).toContain("| 40 | −0.25 | −0.4 to −0.1 |");
});

test("the terminal shows the same", () => {
  const printed = printEvidence(viewOf("north").evidence, {
    paint: (_format, text) => text,
    columns: 120,
  }).join("\n");
  for (const text of [
    "0.71 (0.51 to 0.92)",
    "4.12 (3.8 to 4.44)",
    "5 by the judge",
    "4.25 to 4.75",
    "−0.4 to −0.1",
  ])
    expect(printed).toContain(text);
  expect(printEvidence([], { paint: (_format, text) => text, columns: 120 })).toEqual([]);
});

test.each(HOSTILE_TEXTS)(
  "what people, rows and judges say acts neither on a page nor in Markdown: %j",
  (text) => {
    const plain = reportHtml(viewOf("north"));
    const page = reportHtml(viewOf(text));
    // Nothing but text differs: the same tags in the same order.
    const tags = (markup: string): string[] => [...markup.matchAll(/<\/?[a-z][^>]*>/gi)].map(([tag]) => tag);
    expect(tags(page)).toEqual(tags(plain));
    const markdown = reportMarkdown(viewOf(text));
    expect(markdown).not.toMatch(/<[a-z/!]/i);
    const headings = (of: string): number => of.split("\n").filter((line) => /^#|^---/.test(line)).length;
    expect(headings(markdown)).toBe(headings(reportMarkdown(viewOf("north"))));
  },
);
