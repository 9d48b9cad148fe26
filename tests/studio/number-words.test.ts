import { expect, test, vi } from "vitest";

test("numbers are English like the page, wherever its reader is", async () => {
  vi.stubGlobal("navigator", { language: "de-DE" });
  const { countOf, countWords, factorWords, scoreWords } = await import("../../studio/data/number-words.ts");
  expect(countWords(12_345)).toBe("12,345");
  expect(scoreWords(3.751)).toBe("3.75");
  expect(factorWords(1.2345)).toBe("1.23");
  expect([countOf(1, "turn"), countOf(1200, "turn")]).toEqual(["1 turn", "1,200 turns"]);
});
