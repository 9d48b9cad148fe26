import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { reportHtml } from "../../../pipelines/decide/report-html.ts";
import { reportView } from "../../../shared/report/report-view.ts";
import { HOSTILE_TEXTS, hostileRow } from "./hostile-rows.ts";
import { CHANGES, SUITE, sampleReport, sampleVerdict } from "./report-samples.ts";
import { readStrictly } from "./strict-page.ts";

const VIEW = reportView(sampleReport(), sampleVerdict(), SUITE, CHANGES);

test("the verdict comes first, then requirements, measures, changes and rows", () => {
  const text = readStrictly(reportHtml(VIEW)).text.replaceAll(/\s+/g, " ");
  const places = [
    "failed: 1 of 2 requirements does not hold",
    "Violence was judged by a model",
    "Rows used 24 of 64",
    "128 made, 12 saved by the cache",
    "about 160 saved by stopping early",
    "54,321 tokens, $0.0876, judges included",
    "judged by openai/gpt-4o",
    "4.31 to 4.93",
    "−21 points [−34 to −8 points]",
    "900 rows would do it",
    "What was measured",
    "chat.prompty.temperature",
    "- Answer from the documents.",
    "+ Answer as you like.",
    "How heavy is the Skylark Duo Tent?",
    "It is very light.",
    "No document says that it is light.",
    "[1] Skylark Duo Tent: 1.9 kg",
  ].map((part) => text.indexOf(part));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test("the page asks nothing of anyone: no script, no address, a policy that allows its own style sheet only", () => {
  const page = reportHtml(VIEW);
  const { tags, style } = readStrictly(page);
  const policy = tags.find(({ attributes }) => attributes["http-equiv"] === "Content-Security-Policy");
  const hash = createHash("sha256").update(style).digest("base64");
  expect(policy?.attributes["content"]).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
  );
  expect(style).not.toMatch(/url\(|@import/);
  const names = new Set(tags.map(({ name }) => name));
  for (const forbidden of ["script", "link", "img", "iframe", "object", "embed", "form", "a", "base"]) {
    expect(names).not.toContain(forbidden);
  }
  const attributes = new Set(tags.flatMap(({ attributes }) => Object.keys(attributes)));
  expect([...attributes].filter((name) => /^on|^style$|src|href/.test(name))).toEqual([]);
});

test("every table has a caption and heads with a scope, every bar a label", () => {
  const { tags } = readStrictly(reportHtml(VIEW));
  const count = (name: string): number => tags.filter((tag) => tag.name === name).length;
  expect(count("caption")).toBe(count("table"));
  expect(tags.filter(({ name, attributes }) => name === "th" && !attributes["scope"])).toEqual([]);
  const bars = tags.filter(({ name }) => name === "svg");
  expect(bars.map(({ attributes }) => attributes["aria-label"])).toEqual([
    "groundedness mean: 4.62, 95 % interval 4.31 to 4.93, needed ≥ 4",
    "f1_score pass rate against production: 61 %, 95 % interval 48 to 73 %, needed ≥ 79 %",
  ]);
  expect(bars.every(({ attributes }) => attributes["role"] === "img")).toBe(true);
});

test.each(HOSTILE_TEXTS)("what a row says is text and nothing else: %j", (hostile) => {
  const own = new Set(readStrictly(reportHtml(VIEW)).tags.map(({ name }) => name));
  const view = reportView(
    sampleReport({ worst: [hostileRow(hostile)], notices: [hostile] }),
    sampleVerdict({ reasons: [hostile], requirements: [] }),
    SUITE,
    {
      moreFiles: 0,
      settings: [{ name: hostile, before: hostile, after: hostile }],
      files: [
        {
          path: hostile,
          role: "prompt",
          kind: "changed",
          added: 1,
          removed: 0,
          note: hostile,
          diff: [{ kind: "added", text: hostile }],
        },
      ],
    },
  );
  const { tags, text } = readStrictly(reportHtml(view));
  expect(tags.filter(({ name }) => !own.has(name))).toEqual([]);
  expect(text).not.toMatch(/[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/u);
});

test("an answer of a megabyte is cut, and says so", () => {
  const view = reportView(
    sampleReport({ worst: [hostileRow("x".repeat(1024 * 1024))] }),
    sampleVerdict(),
    SUITE,
    undefined,
  );
  const page = reportHtml(view);
  expect(page.length).toBeLessThan(60_000);
  expect(page).toContain(`(${1024 * 1024 - 6_000} more characters)`);
});
