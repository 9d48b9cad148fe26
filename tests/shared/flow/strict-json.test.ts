import fc from "fast-check";
import { expect, test } from "vitest";
import { isExactNumber } from "../../../shared/flow/exact-number.ts";
import { jsonItems, jsonMembers } from "../../../shared/flow/json-members.ts";
import { parseStrictJson } from "../../../shared/flow/strict-json.ts";

const json = fc.jsonValue({ maxDepth: 5 });
const space = fc.constantFrom(0, 1, "\t", " \n");
/** Keys that need escapes, that look like structure, and that objects have of their own. */
const key = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("__proto__", "constructor", 'a"b', "\\", "{", "a:b", ",", ""),
);

test("what any JSON value is written as is read as that value", () => {
  fc.assert(
    fc.property(json, space, (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const read = parseStrictJson(text);
      expect(read.problems).toEqual([]);
      expect(JSON.stringify(read.value)).toBe(JSON.stringify(value));
    }),
    { numRuns: 500 },
  );
});

test("a key with an escape is read as it is written, whatever was read before", () => {
  // JSON.parse of Node 24 says that the second has a key of one backslash.
  expect(parseStrictJson(String.raw`{"q": 1, "\\": 2}`).value).toEqual({ q: 1, "\\": 2 });
  expect(
    parseStrictJson(String.raw`{"q": 1, "\u0061": [{"\"": {}, "__proto__": -1.5e3}, [], null ] }`).value,
  ).toEqual({
    q: 1,
    a: [JSON.parse('{"\\"": {}, "__proto__": -1500}'), [], null],
  });
});

test("a key given twice is refused where it stands for the second time, however deep and however written", () => {
  const members = fc.uniqueArray(fc.tuple(key, json), {
    minLength: 1,
    maxLength: 6,
    selector: ([name]) => name,
  });
  const around = fc.constantFrom(["", ""], ['{"x": [1, ', "]}"], ['[{"a": {}}, ', ', "a"]']);
  fc.assert(
    fc.property(
      members,
      fc.nat(),
      fc.nat(),
      fc.boolean(),
      around,
      (entries, at, again, escaped, [before, after]) => {
        const written = entries.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
        const [name] = entries[at % entries.length] ?? [""];
        const place = (at % entries.length) + 1 + (again % (entries.length - (at % entries.length)));
        written.splice(place, 0, `${escaped ? escapedText(name) : JSON.stringify(name)}: null`);
        const head = `${before}{${written.slice(0, place).join(",\n")},\n`;
        const text = `${head}${written.slice(place).join(",\n")}}${after}`;
        expect(parseStrictJson(text)).toEqual({
          value: undefined,
          problems: [
            {
              severity: "error",
              offset: head.length,
              message: `The key ${name.slice(0, 40)} is given twice.`,
              remedy: "Remove one of the two.",
            },
          ],
        });
      },
    ),
    { numRuns: 500 },
  );
});

function escapedText(name: string): string {
  const units = Array.from({ length: name.length }, (_, at) => name.charCodeAt(at));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("")}"`;
}

test("a number is exact where it comes back with all its digits", () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: 17, max: 40 }),
      (value, digits) => {
        expect(isExactNumber(JSON.stringify(value))).toBe(true);
        expect(isExactNumber(value.toPrecision(digits))).toBe(true);
      },
    ),
  );
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (value) => {
      const whole = value * 10n + 1n;
      expect(isExactNumber(String(whole))).toBe(BigInt(Number(whole)) === whole);
    }),
  );
});

test.each<[number: string, exact: boolean]>([
  ["0", true],
  ["-0.000", true],
  ["0.1", true],
  ["1e23", true],
  ["100000000000000000000000", true],
  ["9007199254740992", true],
  ["9007199254740993", false],
  ["1130804099552735.2", true],
  ["0.1000000000000000000001", false],
  ["1e-400", false],
  ["1e400", false],
  [`1${"0".repeat(300)}`, true],
  ["1".repeat(300), false],
])("whether %s keeps its digits: %s", (number, exact) => {
  expect(isExactNumber(number)).toBe(exact);
});

test("the members and items of a text start where they are found", () => {
  fc.assert(
    fc.property(fc.dictionary(key, json), fc.array(json), space, (fields, items, indent) => {
      const object = JSON.stringify(fields, null, indent);
      const members = jsonMembers(object, 0);
      expect(members.map(({ name }) => name)).toEqual(Object.keys(fields));
      for (const { name, key: keyAt, value } of members) {
        expect(object.startsWith(JSON.stringify(name), keyAt)).toBe(true);
        expect(object.startsWith(JSON.stringify(fields[name], null, indent).slice(0, 1), value)).toBe(true);
      }
      const list = JSON.stringify(items, null, indent);
      const starts = jsonItems(list, 0);
      expect(starts).toHaveLength(items.length);
      for (const [index, at] of starts.entries())
        expect(list.startsWith(JSON.stringify(items[index], null, indent).slice(0, 1), at)).toBe(true);
    }),
  );
});
