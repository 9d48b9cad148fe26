import fc from "fast-check";
import { expect, test } from "vitest";
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
