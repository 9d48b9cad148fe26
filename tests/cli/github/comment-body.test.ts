import { expect, test } from "vitest";
import { commentBody, resultTitle } from "../../../cli/github/comment-body.ts";
import type { FlowOutcome } from "../../../cli/github/evaluate-flow.ts";
import type { RowView } from "../../../shared/model/report-view.ts";
import { reportView } from "../../../shared/report/report-view.ts";
import { runDetail, verdict } from "../samples.ts";

const FACTS = {
  platform: "https://gate.example.com",
  runUrl: "https://github.example/ada/shop/actions/runs/7",
  commit: "0123456789abcdef",
  gone: [],
};

function outcome(differences: Partial<FlowOutcome> = {}, rows?: Partial<RowView>[]): FlowOutcome {
  const { report } = runDetail();
  if (!report) throw new Error("The sample has a report.");
  const view = reportView(report, verdict(), undefined, undefined);
  const [row] = view.worst;
  if (!row) throw new Error("The sample has a row.");
  return {
    flow: "shop",
    folder: "flows/shop",
    outcome: "fail",
    headline: "shop@bbbbbbbbbbbb failed: 1 of 2 requirements does not hold",
    notes: [],
    diagnostics: [],
    run: "run-2",
    view: rows ? { ...view, worst: rows.map((one) => ({ ...row, ...one })) } : view,
    superseded: false,
    ...differences,
  };
}

test("it says what came of the flow, of how many rows, at what cost, and where the rest is", () => {
  const text = commentBody([outcome()], FACTS);
  expect(text).toMatch(/^<!-- flowgate -->\n## ❌ Failed: shop\n/);
  expect(text).toContain("### ❌ shop@\u200Bbbbbbbbbbbbb failed".replace("\u200B", ""));
  expect(text).toContain("against production, `shop@aaaaaaaaaaaa`");
  expect(text).toContain("[Whole report](https://gate.example.com/studio/flows/shop/runs/run-2)");
  expect(text).toContain("[workflow run](https://github.example/ada/shop/actions/runs/7)");
  expect(text).toContain("| ✅ | groundedness mean |");
  expect(text).toContain("question: How heavy is the tent?");
});

test("pass, fail, error and inconclusive are told apart, and the worst is the whole's", () => {
  const outcomes = (["pass", "inconclusive", "fail", "error"] as const).map((one) =>
    outcome({ outcome: one, view: undefined }),
  );
  const titles = outcomes.map((one) => resultTitle([one]));
  expect(titles).toEqual(["Passed: shop", "Inconclusive: shop", "Failed: shop", "Error: shop"]);
  expect(resultTitle(outcomes.slice(0, 2))).toBe("Inconclusive: 1 of 2 flows pass");
  expect(resultTitle(outcomes.slice(0, 3))).toBe("Failed: 1 of 3 flows pass");
  expect(resultTitle(outcomes)).toBe("Error: 1 of 4 flows pass");
  const marks = new Set(outcomes.map((one) => commentBody([one], FACTS).split("\n")[1]?.slice(3, 5)));
  expect(marks.size).toBe(4);
});

test("nothing that a row says acts: no mention, HTML, link, table or end of a fence", () => {
  const evil = [
    "@octocat #1 </details><img src=x onerror=alert(1)>",
    "``````",
    "</details>",
    "[click](https://evil.example) | a | b |",
    "<!-- flowgate -->",
  ].join("\n");
  const text = commentBody(
    [
      outcome({ notes: [evil], headline: `could not be evaluated: ${evil}` }, [
        { id: evil, dataset: evil, question: evil, answer: evil },
      ]),
    ],
    FACTS,
  );
  const fences = /^(`{3,})text\n([\s\S]*?)\n\1$/gm;
  const quoted = [...text.matchAll(fences)].map(([, , inside]) => inside ?? "");
  expect(quoted).toHaveLength(1);
  expect(quoted[0]).toContain("[click](https://evil.example)");
  const around = text.replace(fences, "");
  expect(around).not.toMatch(/@octocat|#1|<img|https:\/\/evil|\[click\]\(/);
  expect(around.match(/<\/details>/g)).toHaveLength(1);
  expect(around.match(/<!-- flowgate -->/g)).toHaveLength(1);
});

test.each([1, 8, 60, 1200])("%i flows with long rows fit into what GitHub takes", (count) => {
  const long = "x@y ".repeat(30_000);
  const rows = Array.from({ length: 10 }, () => ({ question: long, answer: long, error: long }));
  const outcomes = Array.from({ length: count }, () => outcome({}, rows));
  const text = commentBody(outcomes, FACTS);
  expect(text.length).toBeLessThanOrEqual(65_000);
  expect(text).toContain("workflow run");
  const shown = text.match(/^### /gm)?.length ?? 0;
  if (count < 1200) expect(shown).toBe(count);
  else expect(text).toContain(`${count - shown} more are left out here.`);
});

test("what is wrong with a file is listed by its place, and what is removed is said", () => {
  const diagnostic = {
    severity: "error",
    file: "flow.yaml",
    line: 3,
    column: 5,
    message: 'unknown key "promt"',
    remedy: 'Did you mean "prompt"?',
  } as const;
  const refused = outcome({ outcome: "error", view: undefined, run: undefined, diagnostics: [diagnostic] });
  const text = commentBody([refused], { ...FACTS, gone: ["flows/old"] });
  expect(text).toContain("- error: flows/shop/flow.yaml:3:5: unknown key");
  expect(text).toContain("`flow.yaml` is gone from flows/old");
});
