import type { Filter } from "../filter.ts";
import { fixedDigits } from "../format/float-digits.ts";
import { formatPercent } from "../format/percent.ts";
import { TemplateError } from "../template-error.ts";
import { toFloat } from "./to-number.ts";
import { Dict, entriesOf, isDict } from "../values/dict.ts";
import { itemsOf } from "../values/items-of.ts";
import { Markup, stringOf } from "../values/markup.ts";
import { textOf } from "../values/repr.ts";
import { tuple } from "../values/tuple.ts";
import { isTrue } from "../values/truth.ts";
import { typeName } from "../values/type-name.ts";
import { toJson } from "../to-json.ts";

/** Values written as text. */
export const textValueFilters: Record<string, Filter> = {
  string: {
    parameters: [],
    apply: (value, _given, { budget }) => (value instanceof Markup ? value : textOf(value, budget)),
  },
  format: {
    applyAll(value, { values, named }, { budget }) {
      if (values.length > 0 && named.size > 0) {
        throw new TemplateError("format takes values by position or by name, not both.");
      }
      const given = named.size > 0 ? Dict.of(named) : tuple(values);
      const isMarkup = value instanceof Markup;
      const text = formatPercent(textOf(value, budget), given, isMarkup, budget);
      return isMarkup ? new Markup(text) : text;
    },
  },
  tojson: {
    parameters: ["indent"],
    apply: (value, [indent = null], { budget }) => new Markup(toJson(value, indent, budget)),
  },
  wordcount: {
    parameters: [],
    apply(value, _given, { budget }) {
      const text = textOf(value, budget);
      budget.pass(4 * text.length);
      return text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0;
    },
  },
  filesizeformat: {
    parameters: ["binary"],
    apply: (value, [binary]) => fileSize(toFloat(value, "filesizeformat"), isTrue(binary)),
  },
  urlencode: {
    parameters: [],
    apply(value, _given, { budget }) {
      const encode = (part: unknown): string => percentEncode(budget.text(textOf(part, budget)));
      const pairs = isDict(value)
        ? entriesOf(value)
        : stringOf(value) === undefined
          ? itemsOf(value, budget)
          : undefined;
      if (pairs === undefined) return encode(value).replaceAll("%2F", "/");
      const encoded = pairs.map((pair) => {
        const parts = itemsOf(pair, budget);
        if (parts?.length !== 2) throw new TemplateError(`urlencode needs pairs, not ${typeName(pair)}.`);
        return parts.map((part) => encode(part).replaceAll("%20", "+")).join("=");
      });
      return budget.text(encoded.join("&"));
    },
  },
};

const PREFIXES = ["k", "M", "G", "T", "P", "E", "Z", "Y"];

/** `4.1 MB`, or `3.9 MiB`: as people write the sizes of files. */
function fileSize(bytes: number, binary: boolean): string {
  if (bytes === 1) return "1 Byte";
  const base = binary ? 1024 : 1000;
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const found = PREFIXES.findIndex((_, index) => bytes < base ** (index + 2));
  const index = found < 0 ? PREFIXES.length - 1 : found;
  const amount = fixedDigits((base * bytes) / base ** (index + 2), 1);
  const prefix = binary ? `${PREFIXES[index]?.toUpperCase()}i` : PREFIXES[index];
  return `${amount} ${prefix}B`;
}

function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
