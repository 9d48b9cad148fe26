const UNPRINTABLE = /[\p{C}\p{Z}'"\\]/gu;
const NAMED: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

/** Python's `repr` of a str: the quotes that need no escape, and an escape for what cannot be printed. */
export function quoteText(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll(UNPRINTABLE, (character) => {
    if (character === " " || character === "'" || character === '"') {
      return character === mark ? `\\${character}` : character;
    }
    return NAMED[character] ?? escapeOf(character.codePointAt(0) ?? 0);
  });
  return mark + escaped + mark;
}

function escapeOf(code: number): string {
  const digits = code.toString(16);
  if (code < 0x100) return `\\x${digits.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}
