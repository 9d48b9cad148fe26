import { expect, test } from "vitest";
import { BROKEN, PROBLEMS } from "./broken-folder.ts";
import { changed, clipped, GOOD, problemsOf } from "./good-folder.ts";
import { computingTime } from "../computing-time.ts";

const flow = (from: string | RegExp, to: string) => changed("flow.yaml", from, to);
const chat = (from: string | RegExp, to: string) => changed("chat.prompty", from, to);
const rows = (text: string) => ({ ...GOOD, "data/rows.jsonl": text });

test("forty problems in steps, variants, prompts, datasets, knowledge and gate are found in one round, each once", () => {
  const found = problemsOf(BROKEN);
  expect(clipped(found, PROBLEMS)).toEqual(PROBLEMS);
  expect(new Set(found).size).toBe(PROBLEMS.length);
});

test.each<[what: string, files: Record<string, string | undefined>, found: string[]]>([
  [
    "a bad step: what the others reference, a cycle and missing files",
    flow(
      /steps:[^]*variants/,
      `steps:
  bad: { retrieve: knowledge/products.jsonl, query: "{{ one.id }}", mode: fuzzy }
  one: { lookup: knowledge/nope.jsonl, by: id, equals: "{{ bad }}" }
  customer: { lookup: ../x.jsonl, by: id, equals: "{{ customerid }}" }
  documents: { when: "{{ qestion }}", find: x }
variants`,
    ),
    [
      "flow.yaml:4:53: error: The steps bad, one wait for each other",
      "flow.yaml:4:75: error: steps.bad.mode",
      "flow.yaml:5:18: error: There is no file or folder knowledge/nope.jsonl.",
      "flow.yaml:6:23: error: A path never leaves",
      "flow.yaml:6:51: error: The step customer uses customerid",
      "flow.yaml:7:22: error: The step documents uses qestion",
      "flow.yaml:7:39: error: Unknown key find.",
    ],
  ],
  [
    "a list's steps without a name or with another's: what they and others reference, as far as it is misspelt",
    flow(
      /steps:[^]*variants/,
      `steps:
  - { lookup: knowledge/nope.jsonl, by: id, equals: "{{ qestion }}" }
  - { name: customer, lookup: knowledge/customers.jsonl, by: id, equals: "{{ first.id }}" }
  - { name: customer, retrieve: knowledge/none.jsonl, query: "{{ customerid }}" }
variants`,
    ),
    [
      "flow.yaml:4:5: error: There is no steps.0.name.",
      "flow.yaml:4:15: error: There is no file or folder knowledge/nope.jsonl.",
      "flow.yaml:4:53: error: The step steps.0 uses qestion",
      "flow.yaml:6:13: error: There are two steps customer.",
      "flow.yaml:6:33: error: There is no file or folder knowledge/none.jsonl.",
      "flow.yaml:6:62: error: The step customer uses customerid",
    ],
  ],
  [
    "bad values of variants: the other values, prompts that are missing, names that are taken",
    flow(
      /variants: .*/,
      `variants:
  prompt: [5, brief.prompty, gone.prompty, ../out.prompty, chat/brief.prompty]
  top_p: [0.5, high, 0.5]
  model: gpt-4o
  wild: [1]`,
    ),
    [
      "flow.yaml:7:12: error: variants.prompt.0",
      "flow.yaml:7:30: error: There is no file gone.prompty.",
      "flow.yaml:7:44: error: A path never leaves",
      "flow.yaml:7:60: error: variants.prompt: two alternatives are called brief.",
      "flow.yaml:8:16: error: variants.top_p.1",
      "flow.yaml:8:22: error: variants.top_p: two alternatives are called 0.5.",
      "flow.yaml:9:10: error: variants.model",
      "flow.yaml:10:3: error: There is no parameter wild to vary.",
    ],
  ],
  [
    "a broken row: other rows, other datasets, and inputs that stand in no broken row",
    {
      ...flow("[data/rows.jsonl]", "[data/more.jsonl, data/rows.jsonl]"),
      "chat.prompty": `${GOOD["chat.prompty"]}{{ tone }}{{ style }}`,
      "data/more.jsonl":
        '{"question": "Ho", "tone": "kind" "customerId": "2"}\n{"question": "He", "customerId": "2"}\n{"id": 7}\n',
    },
    [
      "chat.prompty:11:14: warning: The template uses style",
      "data/more.jsonl:1:35: error: This is not JSON",
      "data/more.jsonl:3:1: error: The row has no input.",
      "flow.yaml:7:74: error: similarity compare with ground_truth, which 1 of 2 rows lack: data/more.jsonl:2.",
    ],
  ],
  [
    "a missing dataset: the rows of the others and what they lack, but not what it may hold",
    {
      ...flow("[data/rows.jsonl]", "[data/rows.jsonl, more/data/rows.jsonl]"),
      "chat.prompty": `${GOOD["chat.prompty"]}{{ tone }}`,
      "data/rows.jsonl": '{"question": "Hi", "customerId": "1"}\n',
    },
    [
      "flow.yaml:7:43: error: There is no file or folder more/data/rows.jsonl.",
      "flow.yaml:7:79: error: similarity compare with ground_truth, which 1 of 1 rows lack",
    ],
  ],
  [
    "broken knowledge: a field that stands in no record, readable or not",
    {
      ...flow("by: id", "by: name"),
      "knowledge/customers.jsonl": '{"id": 1}\n{"id": 2 "nam": "x"}\n',
      "knowledge/products.jsonl": '{"name": 1\n',
    },
    [
      "flow.yaml:4:54: error: No record of knowledge/customers.jsonl has a field name.",
      "knowledge/customers.jsonl:2:10: error: This is not JSON",
      "knowledge/products.jsonl:1:11: error: This is not JSON",
    ],
  ],
  [
    "paths that name nothing: the files that they seem to mean",
    {
      ...flow("rows.jsonl", "row.jsonl"),
      "flow.yaml": (flow("rows.jsonl", "row.jsonl")["flow.yaml"] ?? "")
        .replace("chat.prompty", "chatt.prompty")
        .replace("{ brief: brief.prompty }", "{ brief: ../brief.prompty }")
        .replace("customers.jsonl", "customer.jsonl")
        .replace("by: id", "by: key"),
      "chat.prompty": `${GOOD["chat.prompty"]}{{ qestion }}`,
      "brief.prompty": `${GOOD["brief.prompty"]}{{ 1 | nofilter }}`,
      "data/rows.jsonl": `${GOOD["data/rows.jsonl"]}{"question"\n`,
    },
    [
      "brief.prompty:5:8: error: Unknown filter nofilter.",
      "chat.prompty:11:4: warning: The template uses qestion",
      "data/rows.jsonl:2:12: error: This is not JSON",
      "flow.yaml:2:9: error: There is no file chatt.prompty.",
      "flow.yaml:4:23: error: There is no file or folder knowledge/customer.jsonl.",
      "flow.yaml:4:53: error: No record of knowledge/customers.jsonl has a field key.",
      "flow.yaml:6:30: error: A path never leaves",
      "flow.yaml:7:26: error: There is no file or folder data/row.jsonl.",
    ],
  ],
  [
    "a flow.yaml that cannot be read: the files it names",
    {
      ...flow("gate: {", "gate: "),
      "chat.prompty": `${GOOD["chat.prompty"]}{{ a`,
      "data/rows.jsonl": '{"question": "Hi"\n{"question"\n',
      "unused.prompty": "{{ a",
    },
    [
      "chat.prompty:11:1: error: The {{ that opens here has no closing }}.",
      "data/rows.jsonl:1:18: error: This is not JSON",
      "data/rows.jsonl:2:12: error: This is not JSON",
      "flow.yaml:8:8: error: Nested mappings",
    ],
  ],
  [
    "a frontmatter that cannot be read: its template",
    chat(/inputs:[^]*Help/, "inputs: [\n---\nsystem:\n{{ qestion | nofilter }}Help"),
    [
      "chat.prompty:3:1: error: Flow sequence in block collection",
      "chat.prompty:5:14: error: Unknown filter nofilter.",
    ],
  ],
  [
    "an error in a template: the next ones, and the names in the rest",
    chat(
      "user:",
      "{{ qestion | nofilter }}\n{% if quesiton %}{{ custmer }}{% bogus %}x{% endbogus %}{{ a..b }}\n{% for x in tone | nope %}{{ x }}{% endfor %}\nuser:",
    ),
    [
      "chat.prompty:9:14: error: Unknown filter nofilter.",
      "chat.prompty:10:7: warning: The template uses quesiton",
      "chat.prompty:10:21: warning: The template uses custmer",
      "chat.prompty:10:31: error: Unknown tag {% bogus %}.",
      "chat.prompty:10:62: error: Expected a name or an index after the dot.",
      "chat.prompty:11:20: error: Unknown filter nope.",
      "chat.prompty:13:13: error: The template ends before {% endif %}.",
    ],
  ],
  [
    "a bad threshold, evaluator or metric: all others",
    flow(
      /evaluation: [^]*/,
      `evaluation: { datasets: data/rows.jsonl, evaluators: [similarty, bogus, relevance] }
gate:
  similarity: { mean: [4], max: "5" }
  latencey: { p95: "< 4s", p50: "<= 2 parsecs" }
  relevance: { meen: "> 3" }
  f1_score: {}
`,
    ),
    [
      "flow.yaml:7:55: error: There is no evaluator similarty.",
      "flow.yaml:7:66: error: There is no evaluator bogus.",
      "flow.yaml:9:23: error: gate.similarity.mean",
      "flow.yaml:9:33: error: similarity.max: 5 has no direction.",
      "flow.yaml:10:3: error: The gate asks for latencey",
      "flow.yaml:10:20: error: latencey.p95: There is no comparison <.",
      'flow.yaml:10:33: error: latencey.p50: "<= 2 parsecs" is no threshold.',
      "flow.yaml:11:16: error: Unknown key meen.",
      "flow.yaml:11:22: error: relevance.mean: There is no comparison >.",
      "flow.yaml:12:3: error: The gate asks for f1_score",
      "flow.yaml:12:3: error: The gate says nothing about f1_score.",
    ],
  ],
  [
    "one key of a file: all keys of all kinds in it, each once",
    {
      ...GOOD,
      "notes.txt": `sk-${"a1".repeat(20)}\nx sk-${"b2".repeat(20)}\nAccountKey=${"Ab1+".repeat(15)}==\n`,
    },
    [
      "notes.txt:1:1: error: This looks like an API key.",
      "notes.txt:2:3: error: This looks like an API key.",
      "notes.txt:3:1: error: This looks like a storage account's key.",
    ],
  ],
  [
    "a label of another form: who scored it, and the labels below",
    {
      ...GOOD,
      "data/rows.jsonl": GOOD["data/rows.jsonl"]?.replace("{", '{"id": 1, ') ?? "",
      "data/labels.jsonl":
        '{"row": 1, "scores": {"similarty": 3}}\n{\n{"row": 1, "answer": "x", "scores": {"bogus": 1}}\n',
    },
    [
      "data/labels.jsonl:1:1: error: answer:",
      "data/labels.jsonl:1:1: error: There is no evaluator similarty.",
      "data/labels.jsonl:2:2: error: This is not JSON",
      "data/labels.jsonl:3:1: error: There is no evaluator bogus.",
    ],
  ],
])("not hidden by %s", (_what, files, found) => {
  expect(clipped(problemsOf(files), found)).toEqual(found);
});

const INDEPENDENT: [file: string, from: string | RegExp, to: string][] = [
  ["flow.yaml", /query: ("[^"]*")/, "query: $1, mode: fuzzy"],
  ["flow.yaml", "retrieve: ", "retrieve: ../"],
  ["flow.yaml", "{{ customerId }}", "{{ custmerId }}"],
  ["flow.yaml", "by: id", "by: identity"],
  ["flow.yaml", "{ brief:", "{ other: 5, gone: gone.prompty, brief:"],
  ["flow.yaml", "variants: {", "variants: { temprature: [1],"],
  ["flow.yaml", "evaluators: [", "evaluators: [relevanse, "],
  ["flow.yaml", "{ mean:", '{ meen: ">= 4", mean:'],
  ["flow.yaml", "prompt: chat", "promt: chat"],
  ["chat.prompty", "type: object", "type: objekt"],
  ["chat.prompty", "inputs:", "inputs:\n  tone: { type: string }"],
  ["chat.prompty", "{{ question }}", "{{ question }}{{ qestion }}"],
  ["chat.prompty", "user:", "{{ 1 | nofilter }}\nuser:"],
  ["chat.prompty", /$/, "{% if question %}"],
  ["brief.prompty", "user:", "{{ quesiton }}\nuser:"],
  ["data/rows.jsonl", /$/, '{"question"\n'],
  ["data/rows.jsonl", /$/, '{"ground_truth": "x"}\n'],
  ["knowledge/customers.jsonl", /$/, '{"id"\n'],
];

test("two problems are found together as each is found alone", () => {
  const withoutPlace = (problem: string): string => problem.replace(/:\d+:\d+:/, ":");
  const messages = (files: typeof GOOD): string[] => problemsOf(files).map(withoutPlace).sort();
  const alone = INDEPENDENT.map((edit) => messages(changed(...edit)));
  for (const [first, one] of INDEPENDENT.entries()) {
    for (const [second, other] of INDEPENDENT.entries()) {
      if (first >= second) continue;
      const together = messages(changed(...other, changed(...one)));
      expect(together).toEqual([...(alone[first] ?? []), ...(alone[second] ?? [])].sort());
    }
  }
});

test("a folder with a thousand rows is checked in a moment, which grows with their number alone", async () => {
  const row = (index: number): string =>
    JSON.stringify({
      id: index,
      question: `Question ${index}?`,
      customerId: "1",
      ground_truth: "Yes. ".repeat(40),
    });
  const costOf = (count: number): Promise<number> => {
    const files = rows(Array.from({ length: count }, (_, index) => row(index)).join("\n"));
    return computingTime(() => expect(problemsOf(files)).toEqual([]));
  };
  await costOf(100);
  const [thousand, hundred] = [await costOf(1_000), await costOf(100)];
  expect(thousand / hundred).toBeLessThan(30);
  // A fifth of a second where nothing else runs.
  expect(thousand).toBeLessThan(3_000);
});

test("a dataset that is not there hides no slip in a name that another one has", () => {
  const files = flow("datasets: [data/rows.jsonl]", "datasets: [data/rows.jsonl, other/none.jsonl]");
  const prompt = (GOOD["chat.prompty"] ?? "").replace(
    "{{ question }}",
    "{{ question }}{{ customreId }}{{ weight }}",
  );
  expect(
    clipped(problemsOf({ ...files, "chat.prompty": prompt }), [
      "chat.prompty:10:18: warning: The template uses customreId, which nothing supplies.",
      "flow.yaml:7:",
    ]),
  ).toEqual([
    "chat.prompty:10:18: warning: The template uses customreId, which nothing supplies.",
    "flow.yaml:7:",
  ]);
});

test.each([
  "{% if %}",
  "{% for x %}",
  "{% else %}",
  "{% endif now %}",
  "{% endfor %}",
  "{% set %}",
  "{% raw x %}",
  "{{ 'a }}",
  "{%",
  "{% elif %}",
])(
  "a prompt with a sample and %s in it is refused by its places, and the other files are read all the same",
  (tag) => {
    const sampled = `---\nsample: { question: Hi, chat_history: [{ role: user, content: a }] }\n---\nuser:\n{{ question }}\n{{ 1 / 0 }}${tag}\n`;
    for (const file of ["chat.prompty", "brief.prompty", "said.prompty"]) {
      const found = problemsOf({
        ...flow("steps:\n", "steps:\n  said: { prompt: said.prompty }\n"),
        "said.prompty": "user:\n{{ question }}\n",
        [file]: sampled,
        "knowledge/products.jsonl": "broken\n",
      });
      expect(found.join("\n")).toMatch(new RegExp(`^${file.replace(".", "\\.")}:6:\\d+: error: `, "m"));
      expect(found.join("\n")).toContain("knowledge/products.jsonl:1:1: error: ");
    }
  },
);

test("what stands behind an end, an else or an if that is wrong is read too", () => {
  const lines = [
    "{% if %}{{ 1 / 0 }}{% endif now %}",
    "{% endfor %}{{ 1 / 0 }}",
    "{% else %}{{ question( }}",
  ];
  const found = problemsOf(chat("{{ question }}", `{{ question }}\n${lines.join("\n")}`));
  expect(found.map((problem) => problem.split(":")[1])).toEqual(["11", "11", "12", "12", "13", "13"]);
});
