import { expect, test } from "vitest";
import { unifiedDiff } from "../../../shared/report/unified-diff.ts";
import { computingTime } from "../computing-time.ts";

/** The lines that went and came when a text became another. */
function changed(before: string, after: string): string[] {
  const { lines } = unifiedDiff(before, after) ?? { lines: [] };
  const signs = { removed: "-", added: "+", same: "", hunk: "" };
  return lines.flatMap(({ kind, text }) => (signs[kind] === "" ? [] : [`${signs[kind]}${text}`]));
}

test.each([
  ["a zero-width space", "Be kind.", "Be\u200B kind.", "Be⟨U+200B zero-width space⟩ kind."],
  ["a no-break space", "Be kind.", "Be\u00A0kind.", "Be⟨U+00A0 no-break space⟩kind."],
  ["spaces at the end", "Be kind.", "Be kind.  ", "Be kind.⟨2 spaces⟩"],
  ["a tab", "Be kind.", "Be\tkind.", "Be⟨U+0009 tab⟩kind."],
  ["a turned direction", "Be kind.", "Be \u202Ekind.", "Be ⟨U+202E right-to-left override⟩kind."],
  ["a control character", "Be kind.", "Be kind.\u0007", "Be kind.⟨U+0007⟩"],
  ["a smuggled letter", "Be kind.", "Be kind.\u{E0041}", "Be kind.⟨U+E0041⟩"],
  ["a joiner", "Bekind.", "Be\u200Dkind.", "Be⟨U+200D zero-width joiner⟩kind."],
  ["an accent apart from its letter", "café", "cafe\u0301", "cafe⟨U+0301⟩"],
])("where %s is all that changed the line says so", (_, before, after, named) => {
  expect(changed(`${before}\nEnd.\n`, `${after}\nEnd.\n`)).toEqual([`-${before}`, `+${named}`]);
  expect(changed(`${after}\nEnd.\n`, `${before}\nEnd.\n`)).toEqual([`-${named}`, `+${before}`]);
});

test("what is hidden is named in a line that changed in other ways too", () => {
  expect(changed("Be kind.\n", "Be brief.\u2060\n")).toEqual(["-Be kind.", "+Be brief.⟨U+2060 word joiner⟩"]);
});

test("spaces, joiners and emoji that are meant so stay as they are where the words differ", () => {
  const after = "\tSoyez bref\u00A0: 👩\u200D💻 ❤\uFE0F نمی\u200Cخواهم";
  expect(changed("\tSoyez gentil\u00A0!", after)).toEqual(["-\tSoyez gentil\u00A0!", `+${after}`]);
});

test("a line that stays is shown as it is", () => {
  const { lines } = unifiedDiff("a\u00A0b\tc\nold\n", "a\u00A0b\tc\nnew\n") ?? {};
  expect(lines?.find(({ kind }) => kind === "same")?.text).toBe("a\u00A0b\tc");
});

test("a line of very many spaces takes no longer than one of letters", async () => {
  const spaces = " ".repeat(900_000);
  const took = await computingTime(() => {
    expect(changed(`${spaces}x\n`, `${spaces}y\n`)).toHaveLength(2);
  });
  expect(took).toBeLessThan(10_000);
});
