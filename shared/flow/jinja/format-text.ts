import { fixed } from "./fixed.ts";
import { MAX_TEXT } from "./limits.ts";
import { TemplateError } from "./template-error.ts";
import { type Dict, isDict, isTuple, numberOf, reprOf, textOf, typeName } from "./values.ts";

const PERCENT =
  /%(?:\((?<key>[^)]{0,100})\))?(?<flags>[-+ 0#]{0,5})(?<width>[1-9]\d{0,9})?(?:\.(?<precision>\d{1,4}))?(?<kind>[a-zA-Z%])/g;

/** Python's `%` formatting: a tuple gives one value to each place, a dict by name; anything else is one value. */
export function formatPercent(template: string, given: unknown): string {
  const values = isTuple(given) ? given : [given];
  let next = 0;
  return template.replaceAll(PERCENT, (...found) => {
    const part = found.at(-1) as Record<string, string | undefined>;
    if (part.kind === "%") return "%";
    const value =
      part.key === undefined ? values[next++] : isDict(given) ? ownOf(given, part.key) : undefined;
    if (part.key === undefined && next > values.length)
      throw new TemplateError("Too few values for the format.");
    const text = formatted(value, part.kind ?? "s", part.precision);
    const signed =
      part.flags?.includes("+") && !text.startsWith("-") && part.kind !== "s" ? `+${text}` : text;
    return padded(
      signed,
      part.width,
      part.flags?.includes("-") ? "<" : ">",
      part.flags?.includes("0") ? "0" : " ",
    );
  });
}

const FIELD = /\{\{|\}\}|\{(?<field>[^{}:!]*)(?:!(?<conversion>[rs]))?(?::(?<spec>[^{}]*))?\}/g;
const SPEC =
  /^(?:(?<fill>.)?(?<align>[<>^]))?(?<sign>[-+ ])?(?<zero>0)?(?<width>\d+)?(?<comma>,)?(?:\.(?<precision>\d+))?(?<kind>[sdfFeEgGx%])?$/;

/** Python's `str.format`, without reaching into attributes of the values. */
export function formatBraces(
  template: string,
  values: unknown[],
  named: ReadonlyMap<string, unknown>,
): string {
  let next = 0;
  return template.replaceAll(FIELD, (...found) => {
    const whole: unknown = found[0];
    if (whole === "{{" || whole === "}}") return whole.charAt(0);
    const { field = "", conversion, spec = "" } = found.at(-1) as Record<string, string | undefined>;
    const value =
      field === "" ? values[next++] : /^\d+$/.test(field) ? values[Number(field)] : named.get(field);
    if (value === undefined) throw new TemplateError(`format has no value for {${field}}.`);
    return conversion === "r" ? reprOf(value) : bySpec(value, spec);
  });
}

function bySpec(value: unknown, spec: string): string {
  const part = SPEC.exec(spec)?.groups;
  if (part === undefined) throw new TemplateError(`The format ${JSON.stringify(spec)} is not supported.`);
  const number = numberOf(value);
  let text: string;
  if (part.kind === "%" && number !== undefined)
    text = `${fixed(number * 100, Number(part.precision ?? 6))}%`;
  else
    text = formatted(
      value,
      part.kind ?? (part.precision !== undefined && number !== undefined ? "f" : "s"),
      part.precision,
    );
  if (part.comma !== undefined)
    text = text.replace(/\d+/, (digits) => digits.replaceAll(/\B(?=(\d{3})+$)/g, ","));
  if (part.sign === "+" && number !== undefined && !text.startsWith("-")) text = `+${text}`;
  const align = part.align ?? (number === undefined ? "<" : ">");
  return padded(text, part.width, align, part.fill ?? (part.zero === undefined ? " " : "0"));
}

function formatted(value: unknown, kind: string, precision: string | undefined): string {
  if (kind === "s")
    return precision === undefined ? textOf(value) : textOf(value).slice(0, Number(precision));
  if (kind === "r") return reprOf(value);
  const number = numberOf(value);
  if (number === undefined)
    throw new TemplateError(`The format %${kind} needs a number, not ${typeName(value)}.`);
  const digits = Math.min(Number(precision ?? 6), 100);
  if (kind === "d" || kind === "i") return String(Math.trunc(number));
  if (kind === "f" || kind === "F") return fixed(number, digits);
  if (kind === "e" || kind === "E") return number.toExponential(digits).replace(/e([-+])(\d)$/, "e$10$2");
  if (kind === "g" || kind === "G") return String(Number(number.toPrecision(Math.max(1, digits))));
  if (kind === "x") return Math.trunc(number).toString(16);
  throw new TemplateError(`The format %${kind} is not supported.`);
}

function padded(text: string, width: string | undefined, align: string, fill: string): string {
  const size = Number(width ?? 0);
  if (size > MAX_TEXT) throw new TemplateError("A format's width is too large.");
  if (align === "<") return text.padEnd(size, fill);
  if (align === "^")
    return text.padStart(text.length + Math.floor((size - text.length) / 2), fill).padEnd(size, fill);
  if (fill === "0" && /^[-+]/.test(text)) return (text[0] ?? "") + text.slice(1).padStart(size - 1, "0");
  return text.padStart(size, fill);
}

function ownOf(value: Dict, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
