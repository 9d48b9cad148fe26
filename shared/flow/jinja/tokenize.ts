import { MAX_TEMPLATE } from "./limits.ts";
import { TemplateError } from "./template-error.ts";
import { Float } from "./values.ts";

export type Token =
  | { type: "text"; value: string; at: number }
  | { type: "open"; value: "{{" | "{%"; at: number }
  | { type: "close"; value: "}}" | "%}"; at: number }
  | { type: "name" | "operator"; value: string; at: number }
  | { type: "string"; value: string; at: number }
  | { type: "number"; value: number | Float; at: number };

const OPERATORS = /(?:\*\*|\/\/|==|!=|<=|>=|[-+*/%~<>=.,:|()[\]{}])/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][-+]?\d+)?/y;
/** After a dot digits are an index: `pairs.0.1` has no float in it. */
const INDEX = /\d+/y;
const SPACE = /\s*/y;
const RAW = /\{%[-+]?\s*raw\s*(-?)%\}/y;
const END_RAW = /\{%(-?)\+?\s*endraw\s*([-+]?)%\}/g;

/**
 * Splits a template into texts and the tokens of its tags, with Jinja2's default whitespace rules: nothing is
 * stripped but what `-` at a tag's edge asks for. Comments leave no token. Takes time linear in the length.
 */
export function tokenize(source: string): Token[] {
  if (source.length > MAX_TEMPLATE) {
    throw new TemplateError(`The template is longer than ${MAX_TEMPLATE} characters.`, 0);
  }
  const tokens: Token[] = [];
  let at = 0;
  /** Whether the tag before ended in `-`: the text that follows loses its leading whitespace. */
  let stripNext = false;

  const pushText = (from: number, to: number, stripEnd: boolean): void => {
    let text = source.slice(from, to);
    let start = from;
    if (stripNext) {
      const stripped = text.trimStart();
      start += text.length - stripped.length;
      text = stripped;
    }
    if (stripEnd) text = text.trimEnd();
    stripNext = false;
    if (text !== "") tokens.push({ type: "text", value: text, at: start });
  };

  while (at < source.length) {
    const tag = nextTag(source, at);
    if (tag === undefined) {
      pushText(at, source.length, false);
      break;
    }
    const kind = source[tag + 1];
    pushText(at, tag, source[tag + 2] === "-");
    if (kind === "#") {
      const end = source.indexOf("#}", tag + 2);
      if (end < 0) throw new TemplateError("The comment that opens here has no closing #}.", tag);
      stripNext = source[end - 1] === "-" && end - 1 > tag + 1;
      at = end + 2;
      continue;
    }
    RAW.lastIndex = tag;
    const raw = RAW.exec(source);
    if (raw !== null) {
      END_RAW.lastIndex = RAW.lastIndex;
      const end = END_RAW.exec(source);
      if (end === null) throw new TemplateError("{% raw %} has no {% endraw %}.", tag);
      stripNext = raw[1] === "-";
      pushText(RAW.lastIndex, end.index, end[1] === "-");
      stripNext = end[2] === "-";
      at = END_RAW.lastIndex;
      continue;
    }
    const tagEnd = readTag(source, tag, tokens);
    at = tagEnd.at;
    stripNext = tagEnd.strip;
  }
  return tokens;
}

/** Where the next `{{`, `{%` or `{#` stands. */
function nextTag(source: string, from: number): number | undefined {
  for (let at = source.indexOf("{", from); at >= 0; at = source.indexOf("{", at + 1)) {
    const next = source[at + 1];
    if (next === "{" || next === "%" || next === "#") return at;
  }
  return undefined;
}

/** Reads one tag's tokens; returns where the tag ends and whether it strips what follows. */
function readTag(source: string, tag: number, tokens: Token[]): { at: number; strip: boolean } {
  const open = source.startsWith("{{", tag) ? "{{" : "{%";
  const close = open === "{{" ? "}}" : "%}";
  tokens.push({ type: "open", value: open, at: tag });
  let at = tag + 2;
  if (source[at] === "-" || (source[at] === "+" && open === "{%")) at += 1;
  let braces = 0;
  while (true) {
    at = match(SPACE, source, at)?.end ?? at;
    if (at >= source.length) {
      throw new TemplateError(`The ${open} that opens here has no closing ${close}.`, tag);
    }
    if (braces === 0) {
      const edge = source[at] === "-" || (source[at] === "+" && open === "{%") ? 1 : 0;
      if (source.startsWith(close, at + edge)) {
        tokens.push({ type: "close", value: close, at });
        return { at: at + edge + 2, strip: edge === 1 && source[at] === "-" };
      }
    }
    const first = source[at];
    if (first === '"' || first === "'") {
      const text = readString(source, at);
      tokens.push({ type: "string", value: text.value, at });
      at = text.end;
      continue;
    }
    const number = match(source[at - 1] === "." ? INDEX : NUMBER, source, at);
    if (number !== undefined) {
      tokens.push({ type: "number", value: numberOf(number.text), at });
      at = number.end;
      continue;
    }
    const name = match(NAME, source, at);
    if (name !== undefined) {
      tokens.push({ type: "name", value: name.text, at });
      at = name.end;
      continue;
    }
    const operator = match(OPERATORS, source, at);
    if (operator === undefined) {
      throw new TemplateError(`Unexpected character ${JSON.stringify(first)} in a tag.`, at);
    }
    if (operator.text === "{") braces += 1;
    if (operator.text === "}") braces -= 1;
    tokens.push({ type: "operator", value: operator.text, at });
    at = operator.end;
  }
}

function match(pattern: RegExp, source: string, at: number): { text: string; end: number } | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(source);
  return found === null ? undefined : { text: found[0], end: pattern.lastIndex };
}

function numberOf(text: string): number | Float {
  const value = Number(text.replaceAll("_", ""));
  return /[.eE]/.test(text) ? new Float(value) : value;
}

const ESCAPES: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  v: "\v",
  a: "\x07",
  "0": "\0",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

function readString(source: string, start: number): { value: string; end: number } {
  const quote = source[start];
  let value = "";
  for (let at = start + 1; at < source.length; at += 1) {
    const character = source[at] ?? "";
    if (character === quote) return { value, end: at + 1 };
    if (character !== "\\") {
      value += character;
      continue;
    }
    at += 1;
    const escape = source[at] ?? "";
    const digits = { x: 2, u: 4, U: 8 }[escape];
    const hex = digits === undefined ? "" : source.slice(at + 1, at + 1 + digits);
    if (
      digits !== undefined &&
      hex.length === digits &&
      /^[0-9a-fA-F]+$/.test(hex) &&
      parseInt(hex, 16) <= 0x10ffff
    ) {
      value += String.fromCodePoint(parseInt(hex, 16));
      at += digits;
    } else if (Object.hasOwn(ESCAPES, escape)) {
      value += ESCAPES[escape];
    } else if (escape !== "\n") {
      value += `\\${escape}`;
    }
  }
  throw new TemplateError("The string that opens here is not closed.", start);
}
