import { wholeNumber } from "../arguments.ts";
import { expandTabs, fillZeros, padText } from "../text/pad.ts";
import { trimText } from "../text/trim.ts";
import { replaceText } from "../text/replace.ts";
import { escapeMarkup, Markup } from "../values/markup.ts";
import type { Method, Methods } from "./method.ts";
import { countGiven, fillGiven, optionalText, textGiven } from "./text-arguments.ts";

/** Methods that make a text longer, shorter or another. */
export const textShapeMethods: Methods<string> = {
  strip: stripping("both"),
  lstrip: stripping("start"),
  rstrip: stripping("end"),
  center: padding("center"),
  ljust: padding("left"),
  rjust: padding("right"),
  zfill: {
    parameters: ["width"],
    required: 1,
    call: (self, [width], budget) => fillZeros(self, wholeNumber(width, "width"), budget),
  },
  expandtabs: {
    parameters: ["tabsize"],
    call: (self, [size], budget) => expandTabs(self, countGiven(size, "tabsize", 8), budget),
  },
  removeprefix: {
    parameters: ["prefix"],
    required: 1,
    call(self, [prefix]) {
      const start = textGiven(prefix, "prefix");
      return self.startsWith(start) ? self.slice(start.length) : self;
    },
  },
  removesuffix: {
    parameters: ["suffix"],
    required: 1,
    call(self, [suffix]) {
      const end = textGiven(suffix, "suffix");
      return end !== "" && self.endsWith(end) ? self.slice(0, -end.length) : self;
    },
  },
  replace: {
    parameters: ["old", "new", "count"],
    required: 2,
    call: (self, [from, to, count], budget) =>
      replaceText(self, textGiven(from, "old"), textGiven(to, "new"), countGiven(count, "count", -1), budget),
  },
};

/** Of escaped text these arguments are escaped, too, unless they are. */
export function escapeGiven(value: unknown): unknown {
  return typeof value === "string" ? new Markup(escapeMarkup(value)) : value;
}

function stripping(ends: "both" | "start" | "end"): Method<string> {
  return {
    parameters: ["chars"],
    call: (self, [characters]) => trimText(self, optionalText(characters, "chars"), ends),
  };
}

function padding(side: "left" | "right" | "center"): Method<string> {
  return {
    parameters: ["width", "fillchar"],
    required: 1,
    call: (self, [width, fill], budget) =>
      padText(self, wholeNumber(width, "width"), fillGiven(fill), side, budget),
  };
}
