import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFindings } from "../../../shared/flow/diagnostics.ts";
import { createFieldPlaces } from "../../../shared/flow/field-places.ts";
import { filesWithLarge } from "../../../shared/flow/files-with-large.ts";
import { findSecrets } from "../../../shared/flow/find-secrets.ts";
import { readRecords } from "../../../shared/flow/records.ts";
import { recordsInPieces } from "../../../shared/flow/records-in-pieces.ts";
import type { FlowFiles } from "../../../shared/model/flow.ts";

/** A file that is held, and the same in pieces that end at the places which are given. */
function bothOf(file: string, bytes: Uint8Array, cuts: readonly number[]): [FlowFiles, FlowFiles] {
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const pieces = function* pieces(): Generator<Uint8Array> {
    for (const [index, end] of ends.entries()) yield Buffer.from(bytes.subarray(ends[index - 1] ?? 0, end));
  };
  const large = filesWithLarge(new Map(), new Map([[file, { bytes: bytes.length, pieces }]]));
  return [new Map([[file, bytes]]), large];
}

/** All that is said of a file: its records, what is wrong with them, where their fields stand, and what looks like a key. */
function told(file: string, files: FlowFiles): unknown {
  const { records, diagnostics } = readRecords(file, files);
  const placeOf = createFieldPlaces(files);
  const places = records.map((record) => Object.keys(record.value).map((name) => placeOf(record, name)));
  const secrets = createFindings();
  findSecrets(files, secrets);
  return { records, diagnostics, places, secrets: secrets.list };
}

function passed(file: string, files: FlowFiles): number | undefined {
  const batches = recordsInPieces(file, files, createFindings());
  for (let next = batches.next(); ; next = batches.next()) if (next.done === true) return next.value;
}

/** With a byte that is no UTF-8 where the text has U+FFFF. */
function bytesOf(text: string): Uint8Array {
  const [first = "", ...others] = text.split("\uFFFF");
  return Buffer.concat([
    Buffer.from(first),
    ...others.flatMap((part) => [Buffer.of(0xff), Buffer.from(part)]),
  ]);
}

const KEY = "AKIAABCDEFGHIJKLMNOP";
const GOOD_ROWS = ["1,2\n", '"x\ny",2\r\n', '"a ""q"", b",é日🏕\n', "\n", "\r\n", " ,\n", `${KEY},\n`];
const BAD_ROWS = [
  "1,2,3\n",
  '1,"open\n',
  '7,no"where\n',
  '"a"b,2\n',
  "1\n",
  "\r",
  "\0",
  "\uFFFF",
  "1,2\r3\n",
  '"',
];
const GOOD_ITEMS = [
  '{"a": "é日🏕\\"]}"}',
  '{"a": {"b": [1, "{"]}, "c": 2.0}',
  '\n {"n": 12345678901234567890}',
  '{"\\\\": 1, "a\\"": "\\\\"}\r\n',
  `{"key": "${KEY}"}`,
  "{}",
];
const BAD_ITEMS = [
  '{"a": 1, "a": 2}',
  "",
  "7",
  "[1]",
  '"a',
  '{"a": 1}}',
  "]",
  '{"a": 1e999}',
  "{",
  "\r",
  "\0",
  "\uFFFF",
];

const cuts = fc.array(fc.nat(400), { maxLength: 12 });
const some = (good: string[], bad: string[]) =>
  fc.oneof(
    fc.array(fc.constantFrom(...good), { maxLength: 12 }),
    fc
      .tuple(
        fc.array(fc.constantFrom(...good)),
        fc.constantFrom(...bad),
        fc.array(fc.constantFrom(...good, ...bad)),
      )
      .map(([before, one, after]) => [...before, one, ...after]),
  );
const header = fc.constantFrom(
  "a,b\n",
  "\uFEFFa,b\r\n",
  "\n a , b\n",
  '"a\nA",b\n',
  "a,a\n",
  "a,\n",
  '"a"a,b\n',
  "",
);
const around = fc.constantFrom<[string, string]>(
  ["[", "]"],
  ["\uFEFF \r\n[ ", " ]\n\n"],
  ["[", ""],
  ["[", "}"],
  ["[", ",]"],
  ["[", "] {}"],
  ["", ""],
  ['{"rows": [', "]}"],
);

describe("what is said of a file is the same whether it is held or comes in pieces", () => {
  const both = (file: string, text: string, places: readonly number[]) => {
    const [held, large] = bothOf(file, bytesOf(text), places);
    return { held: told(file, held), large: told(file, large) };
  };

  test("CSV", () => {
    fc.assert(
      fc.property(header, some(GOOD_ROWS, BAD_ROWS), fc.boolean(), cuts, (names, rows, isCut, places) => {
        const text = names + rows.join("");
        const { held, large } = both("a.csv", isCut ? text.replace(/\r?\n$/, "") : text, places);
        expect(large).toEqual(held);
      }),
      { numRuns: 1000 },
    );
  });

  test("a JSON list", () => {
    const separator = fc.constantFrom(",", ", ", ",\n");
    fc.assert(
      fc.property(
        around,
        some(GOOD_ITEMS, BAD_ITEMS),
        separator,
        cuts,
        ([open, close], items, comma, places) => {
          const { held, large } = both("a.json", open + items.join(comma) + close, places);
          expect(large).toEqual(held);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("warnings about numbers are told once, whatever else is wrong", () => {
    const items = Array.from(
      { length: 60 },
      (_, index) => `{"a": ${index}.0, "b": 1234567890123456789${index}}`,
    );
    for (const end of ["]", ", 7]"]) {
      const { held, large } = both("a.json", `[${items.join(",\n")}${end}`, [100, 200, 300]);
      expect(large).toEqual(held);
    }
  });
});

test("nothing of a file that is as it should be is read as a whole", () => {
  const text = (good: string[], count: number): string[] =>
    Array.from({ length: count }, (_, index) => good[index % good.length] ?? "");
  const cutAt = Array.from({ length: 300 }, (_, index) => index * 11);
  const [, rows] = bothOf("a.csv", bytesOf(`\uFEFFa,b\r\n${text(GOOD_ROWS, 300).join("")}`), cutAt);
  expect(passed("a.csv", rows)).toBe(undefined);
  const [, items] = bothOf("a.json", bytesOf(` [${text(GOOD_ITEMS, 300).join(",")}]\n`), cutAt);
  expect(passed("a.json", items)).toBe(undefined);
  const [, broken] = bothOf("a.json", bytesOf(`[${text(GOOD_ITEMS, 300).join(",")},]`), [5_000]);
  expect(passed("a.json", broken)).toBeGreaterThan(100);
});
