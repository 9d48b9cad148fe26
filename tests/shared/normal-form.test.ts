import { expect, test } from "vitest";
import { normalForm } from "../../shared/normal-form.ts";
import { computingTime } from "./computing-time.ts";

test("a text of any language has its normal form", () => {
  for (const text of ["Ａcmé ﬁ", "e\u0301\u0323", "पानी", "กำ", "ｶﾞ"])
    for (const form of ["NFC", "NFKC", "NFKD"] as const)
      expect(normalForm(text, form)).toBe(text.normalize(form));
});

test("marks without end are few, and take no time of their square", async () => {
  // Half-width voiced marks are letters, until a normal form makes marks of them.
  const took = await computingTime(() => {
    for (const marks of ["\u0301\u0316", "\uff9e\u0316", "\u{1d165}\u0316", "\u0e33\u0301"]) {
      const form = normalForm(`e${marks.repeat(300_000)}z`, "NFKC");
      expect(form.length).toBeLessThan(100);
      expect(form).toMatch(/z$/);
    }
  });
  expect(took).toBeLessThan(15_000);
});
