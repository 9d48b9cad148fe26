import { MAX_TEXT } from "./limits.ts";
import { TemplateError } from "./template-error.ts";
import { COST_OF_PART, floatText, isDict, isFloat, numberOf, take, typeName, type Room } from "./values.ts";

/**
 * Jinja2's `tojson`: keys sorted, `, ` and `: ` between, everything outside ASCII and the characters that would matter
 * in markup (`<`, `>`, `&`, `'`) escaped. With `indent` one entry a line.
 */
export function toJson(value: unknown, indent: number): string {
  return write(value, Math.min(indent, 20), 0, { left: MAX_TEXT });
}

function write(value: unknown, indent: number, depth: number, room: Room): string {
  take(room, COST_OF_PART);
  if (value === null) return "null";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return quote(value, room);
  const number = numberOf(value);
  if (number !== undefined) return isFloat(value) ? floatText(number) : String(number);
  const isList = Array.isArray(value);
  if (!isList && !isDict(value)) throw new TemplateError(`tojson: ${typeName(value)} has no JSON form.`);
  const entries = isList
    ? value.map((item) => write(item, indent, depth + 1, room))
    : Object.keys(value)
        .sort()
        .map((key) => `${quote(key, room)}: ${write(value[key], indent, depth + 1, room)}`);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) return `${open}${close}`;
  if (indent === 0) return `${open}${entries.join(", ")}${close}`;
  take(room, entries.length * indent * (depth + 1));
  const inner = `\n${" ".repeat(indent * (depth + 1))}`;
  return `${open}${inner}${entries.join(`,${inner}`)}\n${" ".repeat(indent * depth)}${close}`;
}

function quote(text: string, room: Room): string {
  take(room, text.length);
  return JSON.stringify(text).replaceAll(
    /[<>&'\x7f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
