import fc from "fast-check";
import { expect, test } from "vitest";
import { parseFlow } from "../../../shared/flow/parse-flow.ts";

const known = {
  evaluators: ["groundedness", "relevance", "coherence", "fluency", "similarity", "f1_score", "exact_match"],
  metrics: ["latency", "input_tokens", "output_tokens", "cost", "errors"],
};
const parse = (text: string | Uint8Array) =>
  parseFlow(
    new Map([["flow.yaml", typeof text === "string" ? new TextEncoder().encode(text) : text]]),
    known,
  );

const MINIMAL = `name: shop
prompt: chat.prompty
evaluation:
  datasets: data/questions.jsonl
gate:
  groundedness: { mean: ">= 4" }
`;

test("a small flow gets its defaults", () => {
  expect(parse(MINIMAL)).toMatchObject({
    definition: {
      name: "shop",
      description: undefined,
      prompt: "chat.prompty",
      steps: [],
      variants: [],
      evaluation: {
        datasets: [{ path: "data/questions.jsonl", as: "quality" }],
        evaluators: ["groundedness", "relevance", "coherence", "fluency"].map((name) => ({
          name,
          use: name,
        })),
        trials: 1,
        cluster: undefined,
      },
      gate: [
        {
          metric: "groundedness",
          statistic: "mean",
          direction: "higher",
          threshold: { comparison: ">=", value: 4 },
          noWorseThan: undefined,
          line: 6,
        },
      ],
      rollout: { kind: "immediate" },
    },
    diagnostics: [],
  });
});

test("a whole flow is read in order, with BOM and CRLF", () => {
  const text = `\uFEFFname: shop
description: A shop.
prompt: ./chat.prompty
steps:
  customer: { lookup: knowledge/customers.jsonl, by: id, equals: "{{ customerId }}" }
  documents: { retrieve: knowledge/products.jsonl, query: "{{ question }}" }
evaluation:
  datasets: [a.jsonl, { path: b.jsonl, as: safety }]
  evaluators: [f1_score]
gate:
  f1_score: { passRate: ">= 80%", mean: ">= 0.5", noWorseThan: 5% }
  latency: { p95: "<= 4s", p50: "<= 800ms", noWorseThan: 200ms }
  cost: { mean: "<= $0.002", noWorseThan: $0.001 }
  errors: { rate: 0, defects: 0 }
rollout: immediate
`.replaceAll("\n", "\r\n");
  const { definition, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  expect(definition?.prompt).toBe("chat.prompty");
  expect(definition?.steps).toEqual([
    {
      kind: "lookup",
      name: "customer",
      source: "knowledge/customers.jsonl",
      by: "id",
      equals: "{{ customerId }}",
    },
    {
      kind: "retrieve",
      name: "documents",
      source: "knowledge/products.jsonl",
      query: "{{ question }}",
      top: 3,
    },
  ]);
  expect(definition?.evaluation.datasets[1]).toEqual({ path: "b.jsonl", as: "safety" });
  expect(definition?.gate.map(({ line: _line, ...requirement }) => requirement)).toEqual([
    {
      metric: "f1_score",
      statistic: "passRate",
      direction: "higher",
      threshold: { comparison: ">=", value: 0.8 },
      noWorseThan: { relative: 0.05 },
    },
    {
      metric: "f1_score",
      statistic: "mean",
      direction: "higher",
      threshold: { comparison: ">=", value: 0.5 },
      noWorseThan: undefined,
    },
    {
      metric: "latency",
      statistic: "p95",
      direction: "lower",
      threshold: { comparison: "<=", value: 4000 },
      noWorseThan: { absolute: 200 },
    },
    {
      metric: "latency",
      statistic: "p50",
      direction: "lower",
      threshold: { comparison: "<=", value: 800 },
      noWorseThan: undefined,
    },
    {
      metric: "cost",
      statistic: "mean",
      direction: "lower",
      threshold: { comparison: "<=", value: 0.002 },
      noWorseThan: { absolute: 0.001 },
    },
    {
      metric: "errors",
      statistic: "rate",
      direction: "lower",
      threshold: { comparison: "<=", value: 0 },
      noWorseThan: undefined,
    },
    {
      metric: "errors",
      statistic: "defects",
      direction: "lower",
      threshold: { comparison: "<=", value: 0 },
      noWorseThan: undefined,
    },
  ]);
});

const with_ = (from: string, to: string): string => MINIMAL.replace(from, to);

test.each([
  [
    with_("prompt: chat", "promt: chat"),
    2,
    1,
    /Unknown key promt/,
    /Did you mean prompt\? Known keys: .*evaluation/,
  ],
  [with_("mean:", "meen:"), 6, 19, /Unknown key meen/, /Did you mean mean\?/],
  [
    with_("groundedness:", "groundednes:"),
    6,
    3,
    /asks for groundednes, which nothing measures/,
    /Did you mean groundedness\?/,
  ],
  [
    with_("groundedness:", "similarity:"),
    6,
    3,
    /similarity, which nothing measures/,
    /Add similarity to evaluation\.evaluators/,
  ],
  [with_('">= 4"', '"> 4"'), 6, 25, /no comparison >/, /Write ">= 4"/],
  [with_('">= 4"', '"4"'), 6, 25, /no direction/, /">= 4" or "<= 4"/],
  [with_('">= 4"', '">= 4s"'), 6, 25, /is no threshold/, undefined],
  [with_('">= 4"', "[4]"), 6, 25, /Expected a threshold/, undefined],
  [with_('{ mean: ">= 4" }', "{}"), 6, 3, /says nothing about groundedness/, undefined],
  [with_("gate:\n", "gate: {}\nother:\n"), 5, 7, /gate is empty/, undefined],
  [with_("name: shop", "name: Shop 1"), 1, 7, /lower-case letters/, undefined],
  [with_("name: shop", "name: shop\nname: shop2"), 2, 1, /given twice/, /Remove one/],
  [with_("  datasets", "\tdatasets"), 4, 1, /tab/i, /spaces/],
  [with_("data/questions.jsonl", "../data.jsonl"), 4, 13, /never leaves the flow's folder/, undefined],
  [with_("prompt: chat.prompty", "prompt: /etc/chat.prompty"), 2, 9, /never absolute/, undefined],
  [with_("prompt: chat.prompty", "prompt: a\\b.prompty"), 2, 9, /backslash/, undefined],
  [`${MINIMAL}rollout: { canary: [5%], approval: maybe }\n`, 7, 36, /no approval maybe/, undefined],
  [`${MINIMAL}steps:\n  a: { lookup: k.jsonl, by: id }\n`, 8, 3, /needs by and equals/, undefined],
  [
    `${MINIMAL}steps:\n  a: { retrieve: k.jsonl, query: x, tops: 3 }\n`,
    8,
    37,
    /Unknown key tops/,
    /Did you mean top\?/,
  ],
  [
    with_("questions.jsonl\n", "questions.jsonl\n  evaluators: [groundness]\n"),
    5,
    16,
    /no evaluator groundness/,
    /Did you mean groundedness\?/,
  ],
  [
    with_("datasets: data/questions.jsonl", "datasets: [{ path: a.jsonl, az: safety }]"),
    4,
    31,
    /Unknown key az/,
    /as/,
  ],
  ["", 1, 1, /name/, undefined],
  [
    "a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c]\n",
    2,
    8,
    /alias/i,
    undefined,
  ],
  [`a: ${"[".repeat(3000)}${"]".repeat(3000)}`, 1, 54, /nested more than/, undefined],
  [`a: ${"{b: ".repeat(3000)}${"}".repeat(3000)}`, 1, 204, /nested more than/, undefined],
  [`${"- ".repeat(3000)}x`, 1, 1, /nested more than/, undefined],
])("refuses %.80j at line %i, column %i", (text, line, column, message, remedy) => {
  const { definition, diagnostics } = parse(text);
  expect(definition).toBeUndefined();
  expect(diagnostics).toContainEqual({
    severity: "error",
    file: "flow.yaml",
    line,
    column,
    message: expect.stringMatching(message),
    remedy: remedy === undefined ? diagnostics[0]?.remedy : expect.stringMatching(remedy),
  });
});

test("indentation that goes on for ever is refused", () => {
  const text = Array.from({ length: 400 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n");
  expect(parse(text).diagnostics[0]).toMatchObject({
    severity: "error",
    message: expect.stringMatching(/nested|alias/),
  });
});

test("bytes that are no UTF-8 are named by line and column", () => {
  const bytes = Buffer.concat([
    Buffer.from("name: shop\nprompt: "),
    Buffer.from([0xc3, 0x28]),
    Buffer.from("\n"),
  ]);
  expect(parse(bytes).diagnostics).toEqual([
    expect.objectContaining({ line: 2, column: 9, message: "The file is not valid UTF-8." }),
  ]);
});

test("a folder without flow.yaml is told which file may have been meant", () => {
  expect(parseFlow(new Map([["flow.yml", new Uint8Array()]]), known).diagnostics).toEqual([
    expect.objectContaining({
      message: "The flow has no flow.yaml.",
      remedy: "Rename flow.yml to flow.yaml.",
    }),
  ]);
});

test("any text gives a definition or an error with a place, never an exception", () => {
  const piece = fc.constantFrom(
    "name",
    "prompt",
    "gate",
    "steps",
    "evaluation",
    ":",
    " ",
    "\n",
    "  ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "&a ",
    "*a",
    "'",
    '"',
    "|",
    ">",
    "!!js",
    "?",
    "#",
    "\t",
    "4",
    "%",
    "---\n",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 4 })), { maxLength: 40 }), (parts) => {
      const { definition, diagnostics } = parse(parts.join(""));
      expect(definition !== undefined || diagnostics.some(({ severity }) => severity === "error")).toBe(true);
      for (const { line, column } of diagnostics) expect(Math.min(line, column)).toBeGreaterThan(0);
    }),
    { numRuns: 1000 },
  );
});

test("an evaluator may have a name, a threshold and options of the flow's own", () => {
  const { definition, diagnostics } = parse(`name: shop
prompt: chat.prompty
evaluation:
  datasets: a.jsonl
  evaluators: [relevance, { groundedness: { threshold: 4 } }, { strict: { use: f1_score, threshold: 0.9 } }]
  trials: 3
  cluster: conversation
gate:
  strict: { passRate: ">= 80%" }
`);
  expect(diagnostics).toEqual([]);
  expect(definition?.evaluation).toMatchObject({
    evaluators: [
      { name: "relevance", use: "relevance" },
      { name: "groundedness", use: "groundedness", threshold: 4 },
      { name: "strict", use: "f1_score", threshold: 0.9 },
    ],
    trials: 3,
    cluster: "conversation",
  });
});

test("an evaluator that does not exist, or is listed twice, is found where it stands", () => {
  const { diagnostics } = parse(`name: shop
prompt: chat.prompty
evaluation:
  datasets: a.jsonl
  evaluators: [relevance, { strict: { use: f1_scores } }, { relevance: { threshold: 4 } }]
gate:
  relevance: { mean: ">= 3" }
`);
  expect(diagnostics).toMatchObject([
    { severity: "error", line: 5, column: 44, message: "There is no evaluator f1_scores." },
    { severity: "warning", line: 5, message: "The evaluator relevance is listed twice." },
  ]);
});

test("an evaluator in the form of other tools is one problem, with how it is written here", () => {
  const flow = (entry: string) => `name: shop
prompt: chat.prompty
evaluation:
  datasets: a.jsonl
  evaluators: [relevance, ${entry}]
gate:
  relevance: { mean: ">= 3" }
`;
  for (const entry of ["{ name: polite, prompt: judges/polite.prompty }", "{ type: contains, text: 5 }"]) {
    expect(parse(flow(entry)).diagnostics).toMatchObject([
      {
        severity: "error",
        line: 5,
        column: 27,
        message: "An evaluator stands under its name.",
        remedy: expect.stringContaining("tone: { use: judge, prompt: judges/tone.prompty }"),
      },
    ]);
  }
});

test.each([
  ['{ tokens: 2M, cost: "$5" }', { tokens: 2_000_000, cost: 5 }],
  ["{ tokens: 1.5k }", { tokens: 1_500 }],
  ["{ tokens: 100, cost: 0.50 }", { tokens: 100, cost: 0.5 }],
  ["{}", {}],
])("a budget is read as people write it: %s", (budget, read) => {
  const { definition, diagnostics } = parse(MINIMAL.replace("gate:", `  budget: ${budget}\ngate:`));
  expect(diagnostics).toEqual([]);
  expect(definition?.budget).toEqual({ tokens: undefined, cost: undefined, ...read });
  expect(definition?.evaluation).not.toHaveProperty("budget");
});

test("a budget that cannot be read is found where it stands, with how it is written", () => {
  const wrong = `  budget: { tokens: lots, cost: -1, token: 5 }\ngate:`;
  const { definition, diagnostics } = parse(MINIMAL.replace("gate:", wrong));
  expect(definition).toBeUndefined();
  expect(diagnostics).toMatchObject([
    { line: 5, column: 21, message: expect.stringContaining("2M, 500k or 2000000") },
    { line: 5, column: 33, message: expect.stringContaining('"$5"') },
    { line: 5, column: 37, message: "Unknown key token.", remedy: expect.stringContaining("tokens") },
  ]);
  expect(diagnostics[0]?.remedy).toContain("budget: { tokens: 2M");
});
