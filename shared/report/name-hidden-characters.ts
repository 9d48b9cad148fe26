import type { DiffLine } from "../model/changes.ts";
import { normalForm } from "../normal-form.ts";

/**
 * Never meant to be read: control and format characters, fillers, and the tags by which text is smuggled to a model.
 * Joiners and variation selectors are not among them, which many scripts and emoji are written with.
 */
const HIDDEN = /[^\P{Cc}\n\t]|[\u115F\u1160\u3164\uFFA0]|(?![\u200C\u200D])\p{Cf}/gu;
/**
 * What also shows as nothing, or as a space like any other. The look back keeps the time of a long row of spaces by its
 * length, and not by its square.
 */
const ALIKE = /(?! )\p{Zs}|[\t\u200C\u200D\p{Variation_Selector}]|(?<! ) +$/gu;
const MARK = /\p{Mn}/gu;

const NAMES: Record<string, string> = {
  "\t": "tab",
  "\u00A0": "no-break space",
  "\u00AD": "soft hyphen",
  "\u200B": "zero-width space",
  "\u200C": "zero-width non-joiner",
  "\u200D": "zero-width joiner",
  "\u200E": "left-to-right mark",
  "\u200F": "right-to-left mark",
  "\u202E": "right-to-left override",
  "\u202F": "narrow no-break space",
  "\u2060": "word joiner",
  "\u3000": "ideographic space",
  "\uFEFF": "byte order mark",
};

/**
 * Lines of a diff with what nobody can see in them named, as `⟨U+200B zero-width space⟩`: in each line that came or
 * went what is never meant to be read, and where such lines would look the same also tabs, other spaces than the usual,
 * spaces at the end, and accents that stand apart from their letters.
 */
export function nameHiddenCharacters(lines: readonly DiffLine[]): DiffLine[] {
  const removed = new Set(looksOf(lines, "removed"));
  const both = new Set(looksOf(lines, "added").filter((look) => removed.has(look)));
  return lines.map(({ kind, text }) => {
    if (kind !== "removed" && kind !== "added") return { kind, text };
    return { kind, text: both.has(lookOf(text)) ? nameAll(text) : text.replace(HIDDEN, nameOf) };
  });
}

function looksOf(lines: readonly DiffLine[], kind: DiffLine["kind"]): string[] {
  return lines.filter((line) => line.kind === kind).map(({ text }) => lookOf(text));
}

/** What two texts have in common that nobody can tell apart by looking. */
function lookOf(text: string): string {
  return normalForm(text.replace(HIDDEN, "").replace(ALIKE, visibleSpace), "NFC").replace(/ +/g, " ").trim();
}

function visibleSpace(characters: string): string {
  return /^\s/.test(characters) ? " " : "";
}

function nameAll(text: string): string {
  // Before anything is named: a name holds spaces too.
  const isApart = text !== normalForm(text, "NFC");
  const parts = [HIDDEN, ALIKE, ...(isApart ? [MARK] : [])].map(({ source }) => source);
  return text.replace(new RegExp(parts.join("|"), "gu"), nameOf);
}

function nameOf(characters: string): string {
  if (/^ +$/.test(characters)) {
    return `⟨${characters.length} ${characters.length === 1 ? "space" : "spaces"}⟩`;
  }
  const code = (characters.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `⟨${["U+" + code, NAMES[characters]].filter((part) => part !== undefined).join(" ")}⟩`;
}
