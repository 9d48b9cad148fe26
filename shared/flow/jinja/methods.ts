import { argument, integerArgument, textArgument, type CallArguments } from "./arguments.ts";
import { formatBraces } from "./format-text.ts";
import type { Budget } from "./limits.ts";
import { TemplateError } from "./template-error.ts";
import { capitalize, replaceText } from "./text-operations.ts";
import { trimCharacters } from "./text-filters.ts";
import { Callable, type Dict, isDict, isEqual, itemsOf, textOf, tuple } from "./values.ts";

type Method<T> = (self: T, given: CallArguments, budget: Budget) => unknown;

const TEXT: Record<string, Method<string>> = {
  upper: (self) => self.toUpperCase(),
  lower: (self) => self.toLowerCase(),
  capitalize,
  title: (self) => self.replaceAll(/\p{L}+/gu, (word) => capitalize(word)),
  swapcase: (self) =>
    Array.from(self, (letter) =>
      letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
    ).join(""),
  strip: (self, given) => strip(self, given, "both"),
  lstrip: (self, given) => strip(self, given, "start"),
  rstrip: (self, given) => strip(self, given, "end"),
  startswith: (self, given) => affixes(given).some((affix) => self.startsWith(affix)),
  endswith: (self, given) => affixes(given).some((affix) => self.endsWith(affix)),
  removeprefix: (self, given) => {
    const prefix = textArgument(given, 0, "prefix", "");
    return self.startsWith(prefix) ? self.slice(prefix.length) : self;
  },
  removesuffix: (self, given) => {
    const suffix = textArgument(given, 0, "suffix", "");
    return suffix !== "" && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self;
  },
  replace: (self, given, budget) =>
    replaceText(
      self,
      textArgument(given, 0, "old", ""),
      textArgument(given, 1, "new", ""),
      integerArgument(given, 2, "count", -1),
      budget,
    ),
  split: (self, given) => split(self, given),
  splitlines: (self) => {
    const lines = self.split(/\r\n|\r|\n/);
    return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  },
  join(self, given, budget) {
    const parts = (itemsOf(given.values[0]) ?? []).map(textOf);
    budget.room(parts.reduce((sum, part) => sum + part.length + self.length, 0));
    return parts.join(self);
  },
  format: (self, given) => formatBraces(self, given.values, given.named),
  find: (self, given) => self.indexOf(textArgument(given, 0, "sub", "")),
  count(self, given) {
    const part = textArgument(given, 0, "sub", "");
    return part === "" ? self.length + 1 : self.split(part).length - 1;
  },
  isdigit: (self) => /^\p{Nd}+$/u.test(self),
  isnumeric: (self) => /^\p{N}+$/u.test(self),
  isalpha: (self) => /^\p{L}+$/u.test(self),
  isalnum: (self) => /^[\p{L}\p{N}]+$/u.test(self),
  isspace: (self) => /^\s+$/.test(self),
  isupper: (self) => /\p{L}/u.test(self) && self === self.toUpperCase(),
  islower: (self) => /\p{L}/u.test(self) && self === self.toLowerCase(),
  zfill: (self, given, budget) => padded(self, given, "0", budget, "start"),
  rjust: (self, given, budget) =>
    padded(self, given, textArgument(given, 1, "fillchar", " "), budget, "start"),
  ljust: (self, given, budget) => padded(self, given, textArgument(given, 1, "fillchar", " "), budget, "end"),
};

const DICT: Record<string, Method<Dict>> = {
  items: (self) => Object.entries(self).map((entry) => tuple(entry)),
  keys: (self) => Object.keys(self),
  values: (self) => Object.values(self),
  copy: (self) => self,
  get(self, given) {
    const key = textOf(given.values[0]);
    if (Object.hasOwn(self, key)) return self[key];
    return argument(given, 1, "default") ?? null;
  },
};

const LIST: Record<string, Method<unknown[]>> = {
  index(self, given) {
    const found = self.findIndex((item) => isEqual(item, given.values[0]));
    if (found < 0) throw new TemplateError("index: the value is not in the list.");
    return found;
  },
  count: (self, given) => self.filter((item) => isEqual(item, given.values[0])).length,
  copy: (self) => self,
};

/** Methods that would change a value in place: inputs are shared between answers, so nothing may. */
const CHANGING = new Set([
  "append",
  "extend",
  "insert",
  "pop",
  "remove",
  "clear",
  "update",
  "setdefault",
  "sort",
]);

/** A method of a text, dict or list, or undefined where it has none of that name. */
export function methodOf(self: unknown, name: string, budget: Budget): Callable | undefined {
  const bound = <T>(methods: Record<string, Method<T>>, value: T): Callable | undefined => {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (method === undefined) return undefined;
    return new Callable(name, (values, named) => method(value, { values, named }, budget));
  };
  if (typeof self === "string") return bound(TEXT, self);
  if (!Array.isArray(self) && !isDict(self)) return undefined;
  if (CHANGING.has(name)) {
    return new Callable(name, () => {
      throw new TemplateError(`${name}() would change a value in place: build a new one with {% set %}.`);
    });
  }
  return Array.isArray(self) ? bound(LIST, self) : bound(DICT, self);
}

function strip(self: string, given: CallArguments, ends: "both" | "start" | "end"): string {
  const characters = argument(given, 0, "chars");
  if (characters !== undefined && characters !== null) return trimCharacters(self, textOf(characters), ends);
  if (ends === "both") return self.trim();
  return ends === "start" ? self.trimStart() : self.trimEnd();
}

function affixes(given: CallArguments): string[] {
  const value = given.values[0];
  return Array.isArray(value) ? value.map(textOf) : [textOf(value)];
}

function split(self: string, given: CallArguments): string[] {
  const separator = argument(given, 0, "sep");
  const limit = integerArgument(given, 1, "maxsplit", -1);
  if (separator === "") throw new TemplateError("split: the separator is empty.");
  if (separator === undefined || separator === null) {
    const words = self.trim() === "" ? [] : self.trim().split(/\s+/);
    if (limit < 0 || words.length <= limit + 1) return words;
    let rest = self.trimStart();
    for (const word of words.slice(0, limit)) rest = rest.slice(word.length).trimStart();
    return [...words.slice(0, limit), rest];
  }
  const mark = textOf(separator);
  const parts = self.split(mark);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  return [...parts.slice(0, limit), parts.slice(limit).join(mark)];
}

function padded(
  self: string,
  given: CallArguments,
  fill: string,
  budget: Budget,
  side: "start" | "end",
): string {
  const width = integerArgument(given, 0, "width", 0);
  budget.room(width);
  if (fill === "0" && side === "start" && /^[-+]/.test(self)) {
    return (self[0] ?? "") + self.slice(1).padStart(width - 1, fill);
  }
  return side === "start" ? self.padStart(width, fill) : self.padEnd(width, fill);
}
