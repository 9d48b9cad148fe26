import fc from "fast-check";
import { expect, test } from "vitest";
import { brokenItems } from "../../../shared/flow/broken-items.ts";
import { placedRows } from "../../../shared/flow/dataset-rows.ts";
import { jsonErrorOffset } from "../../../shared/flow/json-error-offset.ts";
import { createFindings } from "../../../shared/flow/diagnostics.ts";
import { createLineReader } from "../../../shared/flow/json-lines.ts";
import { readRecords } from "../../../shared/flow/records.ts";

const filesOf = (files: Record<string, string>): Map<string, Uint8Array> =>
  new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]));
const read = (path: string, files: Record<string, string>) => readRecords(path, filesOf(files));

test("JSONL with BOM, CRLF and blank lines", () => {
  expect(read("a.jsonl", { "a.jsonl": '\uFEFF{"a": 1}\r\n\r\n{"a": 2}' })).toEqual({
    records: [
      { value: { a: 1 }, file: "a.jsonl", line: 1, column: 1 },
      { value: { a: 2 }, file: "a.jsonl", line: 3, column: 1 },
    ],
    diagnostics: [],
  });
});

test("a JSON list, a JSON object with one list, and one record alone", () => {
  expect(read("a.json", { "a.json": '[\n  {"a": "x,]"},\n\n  {"a": [1, {"b": 2}]}\n]' }).records).toEqual([
    { value: { a: "x,]" }, file: "a.json", line: 2, column: 3 },
    { value: { a: [1, { b: 2 }] }, file: "a.json", line: 4, column: 3 },
  ]);
  expect(read("a.json", { "a.json": '{"items": [{"a": 1},\n {"a": 2}]}' }).records).toEqual([
    { value: { a: 1 }, file: "a.json", line: 1, column: 12 },
    { value: { a: 2 }, file: "a.json", line: 2, column: 2 },
  ]);
  expect(read("a.json", { "a.json": '{"id": 1, "orders": [{"a": 1}]}' }).records).toEqual([
    { value: { id: 1, orders: [{ a: 1 }] }, file: "a.json", line: 1, column: 1 },
  ]);
});

test("a list of 100,000 items on one line, which nobody would wait for if each looked for the line's end", () => {
  const items = Array.from(
    { length: 100_000 },
    (_, index) => `{"id": ${100_000 + index}, "q": "${"x".repeat(250)}"}`,
  );
  const { records, diagnostics } = read("a.json", { "a.json": `[${items.join(",")}]` });
  expect(diagnostics).toEqual([]);
  expect(records).toHaveLength(100_000);
  const width = (items[0] ?? "").length + 1;
  expect(records.at(-1)).toMatchObject({ value: { id: 199_999 }, line: 1, column: 2 + 99_999 * width });
});

test("CSV with quotes, newlines in a field and CRLF", () => {
  expect(read("a.csv", { "a.csv": '\uFEFFid,name\r\n1,"A ""big""\r\ntent"\r\n2,Stove\r\n' }).records).toEqual(
    [
      { value: { id: "1", name: 'A "big"\ntent' }, file: "a.csv", line: 2, column: 1 },
      { value: { id: "2", name: "Stove" }, file: "a.csv", line: 4, column: 1 },
    ],
  );
});

test("a folder of JSON files in natural order", () => {
  const files = {
    "people/p10.json": '{"id": 10}',
    "people/p2.json": '{"id": 2}',
    "people/notes.txt": "no",
    "other.json": "{}",
  };
  expect(read("people/", files).records.map(({ file }) => file)).toEqual([
    "people/p2.json",
    "people/p10.json",
  ]);
});

test.each([
  ["a.jsonl", '{"a": 1}\n{"a": }\n', 2, 7, /not JSON/],
  ["a.jsonl", '{"a": 1}\n[1]\n', 2, 1, /A record is a JSON object/],
  ["a.jsonl", '"text"', 1, 1, /A record is a JSON object/],
  ["a.json", '[{"a": 1},\n {"a" 2}]', 2, 7, /not JSON/],
  ["a.json", '[{"a": 1},\n 3]', 2, 2, /A record is a JSON object/],
  ["a.json", "", 1, 1, /empty/],
  ["a.jsonl", '{"a": 1}\n{"a": 1, "b": 2, "a": 3}', 2, 18, /The key a is given twice/],
  ["a.jsonl", '\uFEFF{"a": 1, "\\u0061": 3}\r\n', 1, 10, /The key a is given twice/],
  ["a.json", '[{"a": 1},\n {"b": {"__proto__": 1,\n  "__proto__": 2}}]', 3, 3, /__proto__ is given twice/],
  ["a.jsonl", '\n{"a": [-1e400]}', 2, 8, /-1e400 is too large/],
  ["a.json", `{"a": ${"[".repeat(64)}${"]".repeat(64)}}`, 1, 70, /nested more than 64/],
  ["a.csv", "id,name\n1\n", 2, 1, /The row has 1 columns, the header 2/],
  ["a.csv", "id,id\n1,2\n", 1, 1, /named twice/],
  ["a.csv", 'id,name\n1,"open\n', 2, 1, /not CSV/],
  ["a.csv", "", 1, 1, /empty/],
])("names the bad place in %s %j", (file, text, line, column, message) => {
  expect(read(file, { [file]: text }).diagnostics).toContainEqual(
    expect.objectContaining({
      severity: "error",
      file,
      line,
      column,
      message: expect.stringMatching(message),
    }),
  );
});

test("a row that asks nothing has an id that no other row may take", () => {
  const { diagnostics } = rows('{"id": "a", "ground_truth": "x"}\n{"id": "a", "question": "y"}');
  expect(diagnostics.map(({ line, message }) => `${line} ${message}`)).toEqual([
    "1 The row has no input.",
    "2 The id a is taken by a.jsonl:1.",
  ]);
});

test("a CSV file's header and its rows are checked in one round", () => {
  const { records, diagnostics } = read("a.csv", { "a.csv": "id,id,,b,b\n1\n2,3,4,5,6\n7,8\n" });
  expect(records).toEqual([]);
  expect(diagnostics.map(({ line, message }) => `${line} ${message}`)).toEqual([
    "1 The column id is named twice.",
    "1 A column has no name.",
    "1 The column b is named twice.",
    "2 The row has 1 columns, the header 5.",
    "4 The row has 2 columns, the header 5.",
  ]);
});

test("a number that loses digits is a warning that says how to keep them, and the record is read", () => {
  const { records, diagnostics } = read("a.jsonl", {
    "a.jsonl": '{"id": 7}\n{"id": 12345678901234567890, "share": 0.1, "other": 9007199254740993}\n',
  });
  expect(records).toHaveLength(2);
  expect(diagnostics).toEqual([
    {
      severity: "warning",
      file: "a.jsonl",
      line: 2,
      column: 8,
      message: "The number 12345678901234567890 loses digits: it is read as 12345678901234567000.",
      remedy: 'Put it in quotes: "12345678901234567890".',
    },
    expect.objectContaining({ severity: "warning", line: 2, column: 53 }),
  ]);
  const many = `[${"12345678901234567890,".repeat(30)}1]`;
  expect(read("a.jsonl", { "a.jsonl": `{"a": ${many}}` }).diagnostics).toHaveLength(20);
});

test("a whole number that loses its point is said of a few, and how a template prints it alike", () => {
  const prices = [120.5, 1, 2, 3, 4, 5].map((price) => `{"price": ${price}.0}`.replace(".5.0", ".50"));
  const files = Object.fromEntries(prices.map((text, at) => [`products/${at}.json`, text]));
  const { records, diagnostics } = read("products", files);
  expect(records.map(({ value }) => value.price)).toEqual([120.5, 1, 2, 3, 4, 5]);
  expect(diagnostics).toEqual([
    {
      severity: "warning",
      file: "products/1.json",
      line: 1,
      column: 11,
      message: "The number 1.0 is read as 1, and printed so.",
      remedy: 'Print it with the filter float, or put it in quotes: "1.0".',
    },
    expect.objectContaining({ file: "products/2.json" }),
    expect.objectContaining({ file: "products/3.json", message: expect.stringContaining("Others like it") }),
  ]);
});

test.each<[written: string, message: RegExp | undefined]>([
  ["2.00", /2\.00 is read as 2,/],
  ["-3.0", /-3\.0 is read as -3,/],
  ["1e2", /1e2 is read as 100,/],
  ["2.50", undefined],
  ["1.05", undefined],
  ["100", undefined],
  ["1e21", undefined],
  ["1e-7", undefined],
  ['"2.0"', undefined],
])("whether %s is printed as it is written", (written, message) => {
  const { diagnostics } = read("a.jsonl", { "a.jsonl": `{"n": ${written}, "m": [0.5]}` });
  const found = diagnostics.map((one) => one.message);
  expect(found).toEqual(message === undefined ? [] : [expect.stringMatching(message)]);
});

test("what is wrong in the items of a JSON list is found at once, and the others are read", () => {
  const lines = [
    '[{"a": 1,},',
    ' {"b": 2 "c": 3},',
    ' {"d": "open},',
    ' {"e": 1,',
    ' {"f": {"g": [1, {"h": "]}{["}]}}',
    ' {"i": 1, "i": 2}, , {"j": 1}}, 7,',
    "]",
  ];
  const { records, diagnostics } = read("a.json", { "a.json": lines.join("\n") });
  expect(records.map(({ value, line, column }) => [Object.keys(value)[0], line, column])).toEqual([
    ["f", 5, 2],
    ["j", 6, 22],
  ]);
  expect(diagnostics.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
    "1:10 This is not JSON: Expected double-quoted property name in JSON.",
    "2:10 This is not JSON: Expected ',' or '}' after property value in JSON.",
    "3:8 This is not JSON: Unterminated string in JSON.",
    "4:10 This is not JSON: Expected double-quoted property name in JSON.",
    "6:2 This is not JSON: a comma is missing before this item.",
    "6:11 The key i is given twice.",
    "6:30 This is not JSON: nothing is open that this closes.",
    "6:34 This is not JSON: no item follows this comma.",
    "6:33 A record is a JSON object.",
  ]);
});

test("the items of a broken list are those of a whole one", () => {
  const items = fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 5 });
  fc.assert(
    fc.property(items, items, fc.constantFrom(0, 1), (before, after, indent) => {
      const list = JSON.stringify([...before, "BROKEN", ...after], null, indent);
      const text = list.replace('"BROKEN"', '{"a": 1 "b": 2}');
      const read = brokenItems(text, 0);
      expect(JSON.stringify(read.items.map(({ value }) => value))).toBe(
        JSON.stringify([...before, ...after]),
      );
      expect(read.problems).toHaveLength(1);
    }),
  );
});

test("CSV is read on behind a row that cannot be read, as soon as a line is a row", () => {
  const text = [
    "id,question",
    '1,"a "bad" one"',
    "2,fine",
    '3,"open',
    "4,fine",
    '5,"fine, ""too"""',
    "",
    '6,"two',
    'lines"',
    '7,no"where',
    "8,one,too many",
    '9,"never closed',
    "10,fine",
  ];
  const { records, diagnostics } = read("a.csv", { "a.csv": text.join("\n") });
  expect(records.map(({ value, line }) => `${String(value.id)}@${line}`)).toEqual([
    "2@3",
    "4@5",
    "5@6",
    "6@8",
    "10@13",
  ]);
  expect(diagnostics.map(({ line, message }) => `${line} ${message.slice(0, 40)}`)).toEqual([
    "2 This is not CSV: Invalid Closing Quote: ",
    "4 This is not CSV: Invalid Closing Quote: ",
    "10 This is not CSV: Invalid Opening Quote: ",
    "12 This is not CSV: Quote Not Closed: the p",
    "11 The row has 3 columns, the header 2.",
  ]);
});

test("where a CSV file's header cannot be read, its rows have no names", () => {
  const { records, diagnostics } = read("a.csv", { "a.csv": 'id,"na"me\n1,a\n2,b\n' });
  expect(records).toEqual([]);
  expect(diagnostics).toMatchObject([{ line: 1, message: expect.stringContaining("Invalid Closing Quote") }]);
});

test("a key __proto__ is a field like others", () => {
  const { records, diagnostics } = read("a.jsonl", { "a.jsonl": '{"q": 1, "__proto__": {"admin": true}}' });
  expect(diagnostics).toEqual([]);
  const [record] = records;
  expect(Object.keys(record?.value ?? {})).toEqual(["q", "__proto__"]);
  expect(record?.value.admin).toBeUndefined();
  expect(({} as Record<string, unknown>).admin).toBeUndefined();
});

test("JSONL is read alike in whatever pieces it comes", () => {
  const lines = fc.array(
    fc.constantFrom('{"a": "é日🏕"}', '\uFEFF{"b": 1}', '{"c": 1, "c": 2}', "", "[1]", '{"d": 1}\r', "\xFF"),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(lines, fc.array(fc.nat(80), { maxLength: 8 }), (texts, cuts) => {
      const bytes = Buffer.concat(
        texts.map((text) => Buffer.from(`${text}\n`, text === "\xFF" ? "latin1" : "utf8")),
      );
      const [whole, pieces] = [createFindings(), createFindings()];
      const all = createLineReader("a.jsonl", whole).push(bytes);
      const reader = createLineReader("a.jsonl", pieces);
      const places = [
        0,
        ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b),
        bytes.length,
      ];
      const records = places.flatMap((start, index) =>
        reader.push(Uint8Array.from(bytes.subarray(start, places[index + 1] ?? bytes.length))),
      );
      records.push(...reader.end());
      expect({ records, found: pieces.list }).toEqual({ records: all, found: whole.list });
    }),
  );
});

test("a line that never ends is refused without being held", () => {
  const findings = createFindings();
  const reader = createLineReader("a.jsonl", findings);
  const piece = Buffer.alloc(1024 * 1024, "x");
  for (let megabytes = 0; megabytes < 100; megabytes += 1) expect(reader.push(piece)).toEqual([]);
  expect(reader.push(Buffer.from('\n{"a": 1}\n'))).toMatchObject([{ value: { a: 1 }, line: 2 }]);
  expect(findings.list).toEqual([
    expect.objectContaining({ line: 1, message: "The line has 104857600 bytes; the limit is 10 MB." }),
  ]);
});

test("a path that is missing is answered with the nearest one", () => {
  const files = { "knowledge/products.jsonl": "{}", "data/rows.jsonl": "{}" };
  expect(read("knowledge/product.jsonl", files).diagnostics[0]).toMatchObject({
    remedy: "Did you mean knowledge/products.jsonl?",
  });
  expect(read("products.jsonl", files).diagnostics[0]).toMatchObject({
    remedy: "Did you mean knowledge/products.jsonl?",
  });
  expect(read("../x.jsonl", files).diagnostics[0]).toMatchObject({
    message: expect.stringContaining(".. is not allowed"),
  });
});

test("records survive being written as JSONL and read again", () => {
  const record = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), (records) => {
      const text = records.map((value) => JSON.stringify(value)).join("\n");
      expect(read("a.jsonl", { "a.jsonl": text }).records.map(({ value }) => JSON.stringify(value))).toEqual(
        records.map((value) => JSON.stringify(value)),
      );
    }),
  );
});

function rows(text: string) {
  const findings = createFindings();
  const source = { datasets: [{ path: "a.jsonl", as: "quality" } as const] };
  return {
    rows: [...placedRows(source, filesOf({ "a.jsonl": text }), findings)],
    diagnostics: findings.list,
  };
}

test("a row's id is its own, or the start of its hash", () => {
  const { rows: found } = rows('{"id": 7, "question": "a"}\n{"question": "b"}\n');
  expect(found[0]).toMatchObject({
    id: "7",
    dataset: "a.jsonl",
    as: "quality",
    fields: { id: 7, question: "a" },
  });
  expect(found[1]?.id).toBe(found[1]?.hash.slice(0, 12));
});

test("the order of a row's fields does not change its hash", () => {
  const [a] = rows('{"question": "a", "x": 1}').rows;
  const [b] = rows('{"x": 1, "question": "a"}').rows;
  expect(a?.hash).toBe(b?.hash);
});

test.each([
  ['{"id": "a", "question": "x"}\n{"id": "a", "question": "y"}', 2, /id a is taken by a\.jsonl:1/],
  ['{"question": "x"}\n\n{"question": "x"}', 3, /same row is written by a\.jsonl:1/],
  ['{"id": "a", "ground_truth": "y"}', 1, /no input/],
  ['{"question": ""}', 1, /no input/],
  ["\n\n", 1, /no rows/],
])("refuses %j", (text, line, message) => {
  expect(rows(text).diagnostics).toEqual([
    expect.objectContaining({ severity: "error", line, message: expect.stringMatching(message) }),
  ]);
});

test("the place where JSON breaks off is found wherever it is", () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.nat(),
      fc.constantFrom("]", "}", ",", ":", "x", '"', "\\", "", "1"),
      (value, at, extra) => {
        const valid = JSON.stringify({ value }, null, 1);
        const place = at % valid.length;
        const text = valid.slice(0, place) + extra + valid.slice(place + 1);
        let parses = true;
        try {
          JSON.parse(text);
        } catch {
          parses = false;
        }
        expect(jsonErrorOffset(text) === undefined).toBe(parses);
      },
    ),
    { numRuns: 2000 },
  );
});
