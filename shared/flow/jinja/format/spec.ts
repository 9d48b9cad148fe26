import type { Budget } from "../limits.ts";
import { TemplateError } from "../template-error.ts";
import { lengthOf, sliceText } from "../values/characters.ts";
import { Markup, stringOf } from "../values/markup.ts";
import { type Int, intOf, isFloat, numberOf } from "../values/number.ts";
import { floatText, integerText } from "../values/number-text.ts";
import { textOf } from "../values/repr.ts";
import { typeName } from "../values/type-name.ts";
import { floatDigits } from "./float-digits.ts";

const SPEC =
  /^(?:(?<fill>[^])?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<zero>z)?(?<alternate>#)?(?<pad>0)?(?<width>\d+)?(?<group>[,_])?(?:\.(?<precision>\d+))?(?<kind>[^])?$/u;

interface Spec {
  text: string;
  fill: string;
  align: string | undefined;
  sign: string | undefined;
  /** Prints a negative zero without its sign. */
  zero: boolean;
  alternate: boolean;
  pad: boolean;
  width: number;
  group: string | undefined;
  precision: number | undefined;
  kind: string | undefined;
}

/** Python's `format(value, spec)`: the language after the colon in `{:>8.2f}`. Throws for a spec that does not fit. */
export function formatBySpec(value: unknown, spec: string, budget: Budget): string {
  if (spec === "") return textOf(value, budget);
  const part = parseSpec(spec);
  budget.room(part.width + (part.precision ?? 0));
  const text = stringOf(value);
  if (text !== undefined) {
    if (value instanceof Markup) throw new TemplateError("Escaped text takes no format.");
    return budget.text(formatString(text, part));
  }
  const int = intOf(value);
  const number = numberOf(value);
  if (number === undefined) throw new TemplateError(`${typeName(value)} takes no format such as :${spec}.`);
  const isWhole = int !== undefined && (part.kind === undefined || "bcdoxXn".includes(part.kind));
  return budget.text(isWhole ? formatWhole(int, part) : formatFloat(number, isFloat(value), part));
}

function parseSpec(spec: string): Spec {
  const part = SPEC.exec(spec)?.groups;
  if (part === undefined) throw new TemplateError(`The format :${spec} is not known.`);
  const precision = part.precision === undefined ? undefined : Number(part.precision);
  if (precision !== undefined && precision > 1000)
    throw new TemplateError("A format's precision is too large.");
  return {
    text: spec,
    fill: part.fill ?? (part.pad === undefined ? " " : "0"),
    align: part.align,
    sign: part.sign,
    zero: part.zero !== undefined,
    alternate: part.alternate !== undefined,
    pad: part.pad !== undefined && part.align === undefined,
    width: Number(part.width ?? 0),
    group: part.group,
    precision,
    kind: part.kind,
  };
}

function refuse(spec: Spec, type: string): never {
  throw new TemplateError(`The format :${spec.text} does not fit a value of type ${type}.`);
}

function formatString(text: string, spec: Spec): string {
  const { kind, sign, align, group, zero, alternate } = spec;
  const isNumeric = sign !== undefined || align === "=" || group !== undefined || zero || alternate;
  if (isNumeric || (kind !== undefined && kind !== "s")) refuse(spec, "str");
  const shown = spec.precision === undefined ? text : sliceText(text, 0, spec.precision);
  return aligned("", shown, { ...spec, align: align ?? "<" });
}

const BASES: Record<string, number> = { b: 2, o: 8, x: 16, X: 16 };

function formatWhole(value: Int, spec: Spec): string {
  const { kind = "d", group } = spec;
  if (spec.precision !== undefined || spec.zero) refuse(spec, "int");
  if (kind === "c") {
    if (spec.sign !== undefined || spec.alternate || group !== undefined || value < 0 || value > 0x10ffff)
      refuse(spec, "int");
    return aligned("", String.fromCodePoint(Number(value)), { ...spec, align: spec.align ?? "<" });
  }
  const base = BASES[kind] ?? 10;
  if (group === "," && base !== 10) refuse(spec, "int");
  if (group !== undefined && kind === "n") refuse(spec, "int");
  const size = value < 0 ? -BigInt(value) : BigInt(value);
  const digits = base === 10 ? integerText(size) : size.toString(base);
  const prefix = spec.alternate && base !== 10 ? `0${kind}` : "";
  const cased = kind === "X" ? digits.toUpperCase() : digits;
  return signed(value < 0, prefix, cased, "", spec, base === 10 ? 3 : 4);
}

function formatFloat(value: number, isFloatValue: boolean, spec: Spec): string {
  const kind = spec.kind === "n" ? "g" : spec.kind;
  const type = isFloatValue ? "float" : "int";
  if (kind !== undefined && !"eEfFgG%".includes(kind)) refuse(spec, type);
  if (spec.kind === "n" && spec.group !== undefined) refuse(spec, type);
  const digits = floatSpecDigits(value, kind, spec);
  const [, whole = "", rest = ""] = /^([^.e%]*)(.*)$/is.exec(digits) ?? [];
  const isZero = !/[1-9a-z]/i.test(digits.replace(/e.*/i, "")) && Number.isFinite(value);
  const negative = (value < 0 || Object.is(value, -0)) && !(spec.zero && isZero);
  return signed(negative, "", whole, rest, spec, 3);
}

function floatSpecDigits(value: number, kind: string | undefined, spec: Spec): string {
  const { precision, alternate } = spec;
  if (kind === undefined) {
    const shortest = floatText(Math.abs(value));
    if (precision === undefined) return alternate ? shortest.replace(/^(\d+)(?=e)/, "$1.") : shortest;
    return floatDigits(value, { kind: "g", precision, alternate, keepsPoint: true });
  }
  if (kind === "%") {
    return `${floatDigits(value * 100, { kind: "f", precision: precision ?? 6, alternate })}%`;
  }
  const form = kind.toLowerCase() as "e" | "f" | "g";
  const digits = floatDigits(value, { kind: form, precision: precision ?? 6, alternate });
  return kind === form ? digits : digits.toUpperCase();
}

/** Sign, prefix, grouped digits and what follows them, padded. Zeros that fill the width are grouped, too. */
function signed(
  negative: boolean,
  prefix: string,
  whole: string,
  rest: string,
  spec: Spec,
  groupSize: number,
): string {
  const sign = negative ? "-" : spec.sign === "+" || spec.sign === " " ? spec.sign : "";
  const lead = sign + prefix;
  const zeros = spec.fill === "0" && (spec.pad || spec.align === "=");
  const room = zeros ? spec.width - lead.length - rest.length : 0;
  const isDigits = /^[\da-f]+$/i.test(whole);
  const grouped =
    spec.group === undefined || !isDigits ? whole : groupDigits(whole, spec.group, groupSize, room);
  return aligned(lead, grouped + rest, { ...spec, align: spec.align ?? (spec.pad ? "=" : ">") });
}

/** `1,234`, with zeros before it up to a width, which may become one more so that no group is empty. */
function groupDigits(digits: string, separator: string, size: number, width: number): string {
  let padded = digits;
  while (padded.length + Math.floor((padded.length - 1) / size) < width) padded = `0${padded}`;
  const first = padded.length % size || size;
  const groups = [padded.slice(0, first)];
  for (let at = first; at < padded.length; at += size) groups.push(padded.slice(at, at + size));
  return groups.join(separator);
}

function aligned(lead: string, body: string, spec: Spec): string {
  const missing = Math.max(0, spec.width - lengthOf(lead) - lengthOf(body));
  const fill = (count: number): string => spec.fill.repeat(count);
  if (spec.align === "<") return lead + body + fill(missing);
  if (spec.align === "=") return lead + fill(missing) + body;
  if (spec.align !== "^") return fill(missing) + lead + body;
  const left = Math.floor(missing / 2);
  return fill(left) + lead + body + fill(missing - left);
}
