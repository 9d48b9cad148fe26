import { expect, test } from "vitest";
import { reportMarkdown } from "../../../pipelines/decide/report-markdown.ts";
import { reportView } from "../../../shared/report/report-view.ts";
import { HOSTILE_TEXTS, hostileRow } from "./hostile-rows.ts";
import { CHANGES, SUITE, sampleReport, sampleVerdict } from "./report-samples.ts";

test("the Markdown puts the verdict first and shows intervals, thresholds, the diff and the worst rows", () => {
  const markdown = reportMarkdown(reportView(sampleReport(), sampleVerdict(), SUITE, CHANGES));
  expect(markdown).toMatch(/^# shop@bbbbbbbbbbbb failed: 1 of 2/);
  expect(markdown).toContain("| groundedness mean | 4.62 | 4.31 to 4.93 | ≥ 4 | 4.58 |  | pass |");
  expect(markdown).toContain("−21 points \\[−34 to −8 points\\]");
  expect(markdown).toContain(
    "128 model calls made, 12 saved by the cache, about 160 by stopping early. The run used 54,321 tokens, \\$0.0876, judges included.",
  );
  expect(markdown).toContain("```diff\n@@ -1,2 +1,2 @@\n system:\n-Answer from the documents.\n+Answer as");
  expect(markdown).toContain("- groundedness 3, needs ≥ 4, failed: No document says that it is light.");
});

test("the Markdown gives a reason for each requirement, once, and says how what it is judged by changed", () => {
  const gate = { name: "gate.groundedness.mean", before: ">= 4", after: ">= 2" };
  const markdown = reportMarkdown(reportView(sampleReport(), sampleVerdict(), SUITE, CHANGES, [gate]));
  expect(markdown.match(/that it holds is shown/g)).toHaveLength(1);
  expect(markdown.match(/and 3 points worse is accepted/g)).toHaveLength(1);
  expect(markdown).toContain(
    "## What it is judged by changed\n\n- gate.groundedness.mean: &gt;= 4 before, &gt;= 2 now.\n",
  );
});

test.each(HOSTILE_TEXTS)("what a row says is never Markdown nor HTML: %j", (hostile) => {
  const view = reportView(
    sampleReport({ worst: [hostileRow(hostile)], notices: [hostile] }),
    sampleVerdict({ reasons: [hostile], requirements: [] }),
    SUITE,
    { moreFiles: 0, files: [], settings: [{ name: hostile, before: hostile, after: hostile }] },
  );
  const outside = withoutFences(reportMarkdown(view));
  expect(outside).not.toMatch(/<[a-z/!]/i);
  expect(outside).not.toMatch(/(?<!\\)[`[\]|~]|(?<!\w)@\w|:\/\/|www\.|(?<!\\)!\[/);
  expect(outside.split("\n").filter((line) => line.startsWith("#"))).toEqual([
    expect.stringMatching(/^# shop@/),
    "## What changed",
    "## Rows that need a reader",
    expect.stringMatching(/^### /),
  ]);
});

/** What is outside of fences, by CommonMark: a fence ends at a line of as many backticks or more. */
function withoutFences(markdown: string): string {
  let fence: string | undefined;
  const kept: string[] = [];
  for (const line of markdown.split("\n")) {
    const marks = /^(`{3,})[a-z]*$/.exec(line)?.[1];
    if (fence === undefined && marks !== undefined) fence = marks;
    else if (fence !== undefined && line === marks && line.length >= fence.length) fence = undefined;
    else if (fence === undefined) kept.push(line.replaceAll(/`[a-z@0-9]+`/g, "code"));
  }
  expect(fence).toBeUndefined();
  return kept.join("\n");
}
