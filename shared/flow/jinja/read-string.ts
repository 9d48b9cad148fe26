import { TemplateError } from "./template-error.ts";

const ESCAPES: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  v: "\v",
  a: "\x07",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
};
const DIGITS: Record<string, number> = { x: 2, u: 4, U: 8 };

/** Reads the string literal that starts at a quote, with Python's escapes; line ends become line feeds. */
export function readString(source: string, start: number): { value: string; end: number } {
  const quote = source[start];
  let end = start + 1;
  while (end < source.length && source[end] !== quote) end += source[end] === "\\" ? 2 : 1;
  if (end >= source.length) throw new TemplateError("The string that opens here is not closed.", start);
  const written = source.slice(start + 1, end).replaceAll(/\r\n?/g, "\n");
  return { value: written.includes("\\") ? unescape(written, start) : written, end: end + 1 };
}

function unescape(written: string, start: number): string {
  return written.replaceAll(/\\(?:([0-7]{1,3})|([xuU])([\da-fA-F]*)|([^]))/gu, (whole, ...groups) => {
    const [octal, kind, hex = "", other = ""] = groups as (string | undefined)[];
    if (octal !== undefined) return String.fromCodePoint(parseInt(octal, 8));
    if (kind !== undefined) return coded(kind, hex, start);
    if (other === "N") throw new TemplateError("Characters by name, \\N{...}, are not supported.", start);
    return ESCAPES[other] ?? whole;
  });
}

function coded(kind: string, hex: string, start: number): string {
  const length = DIGITS[kind] ?? 0;
  const code = parseInt(hex.slice(0, length), 16);
  if (hex.length < length || code > 0x10ffff) {
    throw new TemplateError(`\\${kind} needs ${length} hexadecimal digits of a character.`, start);
  }
  return String.fromCodePoint(code) + hex.slice(length);
}
