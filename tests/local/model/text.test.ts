import { describe, expect, test } from "vitest";
import { splitBlocks } from "../../../local/model/text/blocks.ts";
import { countTokens } from "../../../local/model/text/count-tokens.ts";
import { namesIn, numbersIn } from "../../../local/model/text/facts.ts";
import { hashedWords } from "../../../local/model/text/hashed-words.ts";
import { splitSentences } from "../../../local/model/text/split-sentences.ts";
import { terms } from "../../../local/model/text/words.ts";

describe("sentences", () => {
  test("end at marks and line breaks, not at decimals or abbreviations", () => {
    expect(splitSentences("It weighs 1.9 kg. Approx. 45 cm long, e.g. For two.\n- Blue\n2. Red")).toEqual([
      "It weighs 1.9 kg.",
      "Approx. 45 cm long, e.g. For two.",
      "Blue",
      "Red",
    ]);
  });
});

describe("terms", () => {
  test("inflections and synonyms are one, stop words none", () => {
    expect(terms("How much does it weigh?")).toEqual(terms("the weight"));
    expect(terms("Which returns were refunded?")).toEqual(terms("return"));
    expect(terms("what is it").size).toBe(0);
  });
});

describe("facts", () => {
  test("numbers compare by value, however they are written", () => {
    expect(numbersIn("$1,289.00 for a two-year plan of 2026-03-04, 1.50 m")).toEqual(
      new Set(["1289", "2", "2026", "3", "4", "1.5"]),
    );
  });

  test("names are capitals that do not open a sentence", () => {
    expect(namesIn("The tent by Wrenfell weighs more. Ask Ludwig's team on Monday, I think.")).toEqual(
      new Set(["Wrenfell", "Ludwig"]),
    );
  });
});

describe("blocks", () => {
  test("begin at headings, JSON records and repeated fields", () => {
    const text = `# Docs\n## First\nOne. Two.\n\n[{"name":"Ada","age":3},{"name":"Bo","age":4}]\n\nitem: A\nitem: B`;
    expect(splitBlocks(text).map(({ title, facts }) => [title, facts.length])).toEqual([
      ["Docs", 0],
      ["First", 2],
      ["Ada", 2],
      ["Bo", 2],
      ["A", 1],
      ["B", 1],
    ]);
  });

  test("text that only looks like JSON is kept as it is", () => {
    expect(splitBlocks('{ "a": 1,\nbroken').flatMap(({ facts }) => facts)).toEqual(['{ "a": 1,', "broken"]);
  });
});

describe("tokens and hashed words", () => {
  test("prose comes to about four characters a token", () => {
    const prose =
      "Unused items with their tags can be returned within 45 days of delivery, and the label is free.";
    const perToken = prose.length / countTokens(prose);
    expect(perToken).toBeGreaterThan(3.5);
    expect(perToken).toBeLessThan(5.5);
    expect(countTokens("")).toBe(0);
  });

  test("a text without words still has a vector of length 1", () => {
    expect(Math.hypot(...hashedWords("?!"))).toBe(1);
    expect(Math.hypot(...hashedWords("tent kettle"))).toBeCloseTo(1, 6);
  });
});
