import fc from "fast-check";
import { expect, test } from "vitest";
import { validateFlow } from "../../../shared/flow/validate-flow.ts";

/** What is said of a flow whose prompt declares one input: `file:line:column severity message|remedy`. */
function findingsOf(declaration: string, files: Record<string, string>): string[] {
  const [dataset] = Object.keys(files);
  const whole: Record<string, string> = {
    "flow.yaml": `name: a\nprompt: p.prompty\nevaluation: { datasets: ${dataset} }\ngate: { latency: { p95: "<= 1s" } }\n`,
    "p.prompty": `---\ninputs:\n  - ${declaration}\n---\nuser:\n{{ question }} {{ x }}`,
    ...files,
  };
  const encoded = new Map(Object.entries(whole).map(([path, text]) => [path, Buffer.from(text)]));
  return validateFlow(encoded, { evaluators: [], metrics: ["latency"] }).diagnostics.map(
    ({ file, line, column, severity, message, remedy }) =>
      `${file}:${line}:${column} ${severity} ${message}|${remedy}`,
  );
}

const rowOf = (value: unknown): string =>
  `{"question": "Hm?"}\n{"question": "When?", "x": ${JSON.stringify(value)}}\n`;
const OR = "Or change the input in p.prompty, line 3.";

test.each<[declaration: string, value: unknown, message: string]>([
  ["{ name: x, kind: string }", 3, `here stands the number 3.|Put it in quotes: "3". ${OR}`],
  ["{ name: x, type: string }", ["a"], `here stands a list.|Write a text. ${OR}`],
  ["{ name: x, kind: integer }", "3", `here stands the text "3".|Write it without quotes: 3. ${OR}`],
  ["{ name: x, kind: integer }", "many", `the text "many".|Write a whole number, such as 3. ${OR}`],
  ["{ name: x, kind: integer }", 3.5, `the number 3.5.|Write a whole number, such as 3. ${OR}`],
  ["{ name: x, kind: float }", true, `here stands true.|Write a number, such as 0.5. ${OR}`],
  ["{ name: x, kind: number }", "", `here stands the text "".|Write a number, such as 0.5. ${OR}`],
  ["{ name: x, kind: boolean }", "True", `the text "True".|Write it without quotes: true. ${OR}`],
  ["{ name: x, kind: boolean }", 1, `the number 1.|Write true or false. ${OR}`],
  ["{ name: x, kind: array }", '["a"]', `the text "[\\"a\\"]".|Write it without quotes: ["a"]. ${OR}`],
  ["{ name: x, type: list }", { a: 1 }, `here stands an object.|Write a list, such as ["a", "b"]. ${OR}`],
  ["{ name: x, kind: object }", [], `here stands a list.|Write an object, such as {"name": "value"}. ${OR}`],
  ["{ name: x, kind: dict }", "y", `the text "y".|Write an object, such as {"name": "value"}. ${OR}`],
  ["{ name: x, kind: audio }", 7, "here stands the number 7.|Write a URL, a data URL or base64"],
  ["{ name: x, kind: file }", { name: "a" }, "here stands an object.|Write a URL, a data URL or base64"],
  [
    "{ name: x, kind: string, required: true }",
    null,
    `is required; here stands null.|Give it a value. ${OR}`,
  ],
  [
    "{ name: x, kind: string, enumValues: [kind, firm] }",
    "frim",
    `does not take the text "frim".|Did you mean firm? Known values: kind, firm. ${OR}`,
  ],
  ["{ name: x, type: integer, enum: [1, 2] }", 3, `does not take the number 3.|Known values: 1, 2. ${OR}`],
])("%s is not given %j", (declaration, value, message) => {
  const given = declaration.includes("required")
    ? rowOf(value).replace('?"}', '?", "x": "a"}')
    : rowOf(value);
  const found = findingsOf(declaration, { "d.jsonl": given });
  expect(found).toEqual([expect.stringContaining(message)]);
  const severity = /kind: (audio|file)|here stands null/.test(declaration + message) ? "error" : "warning";
  expect(found[0]).toContain(`d.jsonl:2:28 ${severity} The input x `);
});

test.each<[declaration: string, values: unknown[]]>([
  ["{ name: x, kind: string }", ["", "3", null]],
  ["{ name: x, kind: integer }", [0, -3, 3, 1e9, null]],
  ["{ name: x, kind: Float }", [0, 0.5]],
  ["{ name: x, kind: boolean }", [true, false]],
  ["{ name: x, kind: array }", [[], ["a", 1]]],
  ["{ name: x, kind: object }", [{}, { a: [] }]],
  ["{ name: x, kind: thread }", [[], [{ role: "user", content: "Hi" }]]],
  ["{ name: x, kind: audio }", ["https://a.example/b.wav", { url: "data:audio/wav;base64,AAAA" }]],
  ["{ name: x, kind: union }", ["a", 1, [], {}]],
  ["{ name: x, kind: any }", ["a", 1, [], {}]],
  ["{ name: x, kind: string, enumValues: [kind, firm] }", ["kind", "firm"]],
  ["{ name: x, required: true, nullable: true, kind: string }", ["a", null]],
])("%s is given any of %j", (declaration, values) => {
  const rows = values.map((x, id) => JSON.stringify({ id, question: "When?", x })).join("\n");
  expect(findingsOf(declaration, { "d.jsonl": rows })).toEqual([]);
});

test.each(["{ name: x }", "{ name: x, default: 3 }", "{ name: x, sample: a }"])(
  "a type that is not written is no promise: %s",
  (declaration) => {
    expect(findingsOf(declaration, { "d.jsonl": rowOf(["a"]) })).toEqual([]);
  },
);

test("the first dialect's inputs by name are held to their types as well", () => {
  const prompt =
    "---\ninputs:\n  question: { type: string }\n  x: { type: boolean }\n---\nuser:\n{{ question }}{{ x }}";
  expect(findingsOf("", { "d.jsonl": '{"question": 5, "x": "no"}', "p.prompty": prompt })).toEqual([
    'd.jsonl:1:14 warning The input question is declared as string; here stands the number 5.|Put it in quotes: "5". Or change the input in p.prompty, line 3.',
    'd.jsonl:1:22 warning The input x is declared as boolean; here stands the text "no".|Write true or false. Or change the input in p.prompty, line 4.',
  ]);
});

test("the place is that of the value, in whatever kind of file it stands", () => {
  const integer = "{ name: x, kind: integer }";
  const placeIn = (file: string, text: string): string | undefined =>
    findingsOf(integer, { [file]: text })[0]?.split(" ")[0];
  expect(placeIn("d.jsonl", '\uFEFF{"question": "a"}\r\n\r\n  {"x" : "b", "question": "é"}')).toBe(
    "d.jsonl:3:10",
  );
  expect(placeIn("d.json", '{"rows": [{"question": "a"}, {"question": "b",\n  "x":\n   "c"}]}')).toBe(
    "d.json:3:4",
  );
  expect(placeIn("d.csv", '\uFEFFquestion,x\r\n"a, ""b""\r\nc",1\r\n\r\nd,many\r\n')).toBe("d.csv:5:3");
  expect(placeIn("d.csv", 'x,question\n"two\nlines",a\n')).toBe("d.csv:2:1");
});

test.each<[kind: string, cell: string]>([
  ["integer", "3.5"],
  ["integer", "007"],
  ["integer", "12345678901234567890"],
  ["float", "1e400"],
  ["number", "NaN"],
  ["boolean", "yes"],
  ["array", "a"],
  ["object", '"{""a"":1,""a"":2}"'],
])("a cell of CSV that is no %s is named: %s", (kind, cell) => {
  const found = findingsOf(`{ name: x, kind: ${kind} }`, { "d.csv": `question,x\nWhen?,${cell}\n` });
  expect(found).toEqual([
    expect.stringMatching(`^d.csv:2:7 warning The input x is declared as ${kind}; here stands the text `),
  ]);
});

test.each<[kind: string, cells: string[]]>([
  ["string", ["3", "", "true"]],
  ["integer", ["3", "-3", "3.0", "", " "]],
  ["float", ["3", "0.1", "1e3"]],
  ["boolean", ["true", "FALSE", "False"]],
  ["list", ['"[1, ""a""]"', ""]],
  ["object", ['"{""a"": [1]}"']],
  ["thread", ['"[{""role"": ""user"", ""content"": ""Hi""}]"']],
])("cells of CSV are read as %s: %j", (kind, cells) => {
  const rows = cells.map((cell, id) => `${id},When?,${cell}\n`).join("");
  expect(findingsOf(`{ name: x, kind: ${kind} }`, { "d.csv": `id,question,x\n${rows}` })).toEqual([]);
});

test("an empty cell is nothing for a required input that is no text", () => {
  const found = findingsOf("{ name: x, kind: integer, required: true }", { "d.csv": "question,x\nWhen?,\n" });
  expect(found).toEqual([
    expect.stringContaining("d.csv:2:7 error The input x is required; here stands nothing."),
  ]);
});

test("a step's prompt holds rows to its types, but not what a step finds or gives", () => {
  const flow = [
    "name: a",
    "prompt: p.prompty",
    "steps:",
    "  y: { prompt: step.prompty, inputs: { given: '{{ question }}' } }",
    "evaluation: { datasets: d.jsonl }",
    'gate: { latency: { p95: "<= 1s" } }',
  ].join("\n");
  const step =
    "---\ninputs: { x: { type: integer }, given: { type: list } }\n---\nuser:\n{{ x }} {{ given }} {{ question }}";
  const found = findingsOf("", {
    "d.jsonl": '{"question": "a", "x": "b", "y": "c", "given": "d"}',
    "flow.yaml": flow,
    "step.prompty": step,
    "p.prompty": "---\ninputs: { y: { type: object } }\n---\nuser:\n{{ question }} {{ y }}",
  });
  expect(found).toEqual([
    expect.stringContaining("d.jsonl:1:24 warning The input x is declared as integer"),
    expect.stringContaining("flow.yaml:4:3 warning The step y hides the y that the rows give"),
  ]);
});

test("a row of several turns is held to what it gives itself", () => {
  const rows = '{"turns": [{"question": "a"}, {"question": "b"}], "x": "c"}';
  const prompt =
    "---\ninputs: { question: { type: list }, x: { type: integer } }\n---\nuser:\n{{ question }} {{ x }}";
  expect(findingsOf("", { "d.jsonl": rows, "p.prompty": prompt })).toEqual([
    expect.stringContaining("d.jsonl:1:56 warning The input x"),
  ]);
});

test("of many rows that are wrong, twenty are shown and the rest is counted", () => {
  const rows = Array.from({ length: 5000 }, (_, id) => JSON.stringify({ id, question: "a", x: "b" })).join(
    "\n",
  );
  const found = findingsOf("{ name: x, kind: integer }", { "d.jsonl": rows });
  expect(found).toHaveLength(21);
  expect(found.at(-1)).toBe(
    "p.prompty:3:5 warning 4980 more rows have a value that x does not take.|Correct the rows, or change the input's type.",
  );
});

test("a value of another kind is rendered as it is, and what that fails with is an error", () => {
  const prompt = "---\ninputs:\n  x: { type: object }\n---\nuser:\n{{ question }} ";
  const found = (use: string): string[] =>
    findingsOf("", { "d.jsonl": '{"question": "a", "x": [{"a": 1}]}', "p.prompty": prompt + use });
  expect(found("{% for y in x %}{{ y.a }}{% endfor %}")).toEqual([
    expect.stringContaining("d.jsonl:1:24 warning The input x is declared as object; here stands a list."),
    expect.stringContaining("p.prompty:6:28 warning x is declared as an object and looped over"),
  ]);
  expect(found("{{ x + 1 }}")).toEqual([
    expect.stringContaining("d.jsonl:1:24 warning"),
    expect.stringContaining("p.prompty:6:19 error list + int"),
  ]);
});

test("samples and defaults that an input does not take are warnings at their place", () => {
  const prompt = [
    "---",
    "inputs:",
    "  question: { type: string, sample: 5 }",
    "  x: { type: integer, default: many }",
    "sample:",
    "  x: [1]",
    "---",
    "user:",
    "{{ question }} {{ x }}",
  ].join("\n");
  expect(findingsOf("", { "d.jsonl": '{"question": "a"}', "p.prompty": prompt })).toEqual([
    'p.prompty:3:37 warning The sample: The input question is declared as string; here stands the number 5.|Put it in quotes: "5".',
    'p.prompty:4:32 warning The default: The input x is declared as integer; here stands the text "many".|Write a whole number, such as 3.',
    "p.prompty:6:6 warning The sample: The input x is declared as integer; here stands a list.|Write a whole number, such as 3.",
  ]);
});

test("no value stops the check, and what is no integer is always found", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (x) => {
      const found = findingsOf("{ name: x, kind: integer }", { "d.jsonl": rowOf(x) });
      const fits = x === null || Number.isInteger(x);
      expect(found.filter((line) => line.includes("warning The input x"))).toHaveLength(fits ? 0 : 1);
    }),
  );
});
