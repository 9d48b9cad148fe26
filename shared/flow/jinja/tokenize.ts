import { MAX_TEMPLATE } from "./limits.ts";
import { readString } from "./read-string.ts";
import { TemplateError } from "./template-error.ts";
import { SPACE, trimEnd, trimStart } from "./values/characters.ts";
import { exactInt, type Float, floatOf, type Int } from "./values/number.ts";

export type Token =
  | { type: "text"; value: string; at: number }
  | { type: "open"; value: "{{" | "{%"; at: number }
  | { type: "close"; value: "}}" | "%}"; at: number }
  | { type: "name" | "operator"; value: string; at: number }
  | { type: "string"; value: string; at: number }
  | { type: "number"; value: Int | Float; at: number };

const OPERATORS = /(?:\*\*|\/\/|==|!=|<=|>=|[-+*/%~<>=.,:|()[\]{};])/y;
const NAME = /[\p{XID_Start}_]\p{XID_Continue}*/uy;
const FLOAT = /\d+(?:_\d+)*(?:(?:\.\d+(?:_\d+)*)?e[-+]?\d+(?:_\d+)*|\.\d+(?:_\d+)*)/iy;
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const BLANKS = new RegExp(`[${SPACE}]*`, "y");
const RAW = new RegExp(`\\{%[-+]?[${SPACE}]*raw[${SPACE}]*(-?)%\\}`, "y");
const END_RAW = new RegExp(`\\{%(-?)\\+?[${SPACE}]*endraw[${SPACE}]*([-+]?)%\\}`, "g");

/**
 * Splits a template into texts and the tokens of its tags, with Jinja2's default whitespace rules: nothing is
 * stripped but what `-` at a tag's edge asks for, and line ends of any kind become line feeds. Comments leave no
 * token. Takes time linear in the length.
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
      const stripped = trimStart(text);
      start += text.length - stripped.length;
      text = stripped;
    }
    if (stripEnd) text = trimEnd(text);
    stripNext = false;
    if (text !== "") tokens.push({ type: "text", value: text.replaceAll(/\r\n?/g, "\n"), at: start });
  };

  while (at < source.length) {
    const tag = nextTag(source, at);
    if (tag === undefined) {
      pushText(at, source.length, false);
      break;
    }
    pushText(at, tag, source[tag + 2] === "-");
    const body = tag + (source[tag + 2] === "-" || source[tag + 2] === "+" ? 3 : 2);
    if (source[tag + 1] === "#") {
      const end = source.indexOf("#}", body);
      if (end < 0) throw new TemplateError("The comment that opens here has no closing #}.", tag);
      stripNext = source[end - 1] === "-" && end - 1 >= body;
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
    const tagEnd = readTag(source, tag, body, tokens);
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

const CLOSING: Record<string, string> = { "(": ")", "[": "]", "{": "}" };

/** Reads one tag's tokens; returns where the tag ends and whether it strips what follows. */
function readTag(source: string, tag: number, body: number, tokens: Token[]): { at: number; strip: boolean } {
  const open = source.startsWith("{{", tag) ? "{{" : "{%";
  const close = open === "{{" ? "}}" : "%}";
  tokens.push({ type: "open", value: open, at: tag });
  let at = body;
  /** The brackets that are open: a tag does not end inside them. */
  const brackets: string[] = [];
  while (true) {
    at = match(BLANKS, source, at)?.end ?? at;
    if (at >= source.length) {
      throw unclosed(open, close, tag);
    }
    if (brackets.length === 0) {
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
    // After a dot digits are an index: `pairs.0.1` has no float in it.
    const float = source[at - 1] === "." ? undefined : match(FLOAT, source, at);
    const number = float ?? match(INTEGER, source, at);
    if (number !== undefined) {
      const text = number.text.replaceAll("_", "");
      const value = float === undefined ? integer(text, at) : floatOf(Number(text));
      tokens.push({ type: "number", value, at });
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
    const closing = CLOSING[operator.text];
    if (closing !== undefined) brackets.push(closing);
    if (/[)\]}]/.test(operator.text) && brackets.pop() !== operator.text) {
      if (operator.text === "}") throw unclosed(open, close, tag);
      throw new TemplateError(`Unexpected ${operator.text}: it closes no bracket.`, at);
    }
    tokens.push({ type: "operator", value: operator.text, at });
    at = operator.end;
  }
}

function unclosed(open: string, close: string, tag: number): TemplateError {
  return new TemplateError(`The ${open} that opens here has no closing ${close}.`, tag);
}

function match(pattern: RegExp, source: string, at: number): { text: string; end: number } | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(source);
  return found === null ? undefined : { text: found[0], end: pattern.lastIndex };
}

function integer(text: string, at: number): Int {
  if (text.length > 4300) throw new TemplateError("A number has too many digits.", at);
  return exactInt(BigInt(text));
}
