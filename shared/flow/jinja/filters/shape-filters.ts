import { wholeNumber } from "../arguments.ts";
import type { Filter } from "../filter.ts";
import { TemplateError } from "../template-error.ts";
import { padText } from "../text/pad.ts";
import { replaceText } from "../text/replace.ts";
import { trimText } from "../text/trim.ts";
import { wrapText } from "../text/wrap.ts";
import { lengthOf, linesOf, sliceText } from "../values/characters.ts";
import { sizeOf } from "../values/items-of.ts";
import { escapeMarkup, Markup, stringOf } from "../values/markup.ts";
import { textOf } from "../values/repr.ts";
import { isTrue } from "../values/truth.ts";
import { typeName } from "../values/type-name.ts";
import { textFilter } from "./text-filter.ts";

/** Texts made shorter, longer or wrapped. */
export const shapeFilters: Record<string, Filter> = {
  trim: textFilter(["chars"], (text, [characters]) =>
    trimText(
      text,
      characters === undefined || characters === null ? undefined : required(characters, "chars"),
      "both",
    ),
  ),
  center: textFilter(["width"], (text, [width = 80], budget) =>
    padText(text, wholeNumber(width, "width"), " ", "center", budget),
  ),
  replace: {
    parameters: ["old", "new", "count"],
    required: 2,
    apply(value, [from, to, count], { budget, escaping }) {
      const limit = count === undefined || count === null ? -1 : wholeNumber(count, "count");
      const parts = [value, from, to].map((part) => textOf(part, budget));
      const [text = "", old = "", replacement = ""] = parts;
      if (!escaping) return replaceText(text, old, replacement, limit, budget);
      // Where one of them is escaped, so becomes the text, and with it what is put into it.
      const joinsMarkup = from instanceof Markup || to instanceof Markup;
      if (!(value instanceof Markup) && !joinsMarkup)
        return replaceText(text, old, replacement, limit, budget);
      const subject = value instanceof Markup ? text : escapeMarkup(text);
      const put = to instanceof Markup ? replacement : escapeMarkup(replacement);
      return new Markup(replaceText(subject, old, put, limit, budget));
    },
  },
  indent: {
    parameters: ["width", "first", "blank"],
    apply(value, [width = 4, first, blank], { budget }) {
      const text = required(value, "indent");
      const padding =
        stringOf(width) ?? " ".repeat(Math.min(Math.max(0, wholeNumber(width, "width")), 10_000));
      budget.pass(32 * text.length);
      const [start = "", ...lines] = linesOf(`${text}\n`);
      budget.room(text.length + lines.length * padding.length);
      const indented = lines.map((line) => (line === "" && !isTrue(blank) ? "" : padding + line));
      const result = (isTrue(first) ? padding : "") + [start, ...indented].join("\n");
      return value instanceof Markup ? new Markup(result) : result;
    },
  },
  truncate: {
    parameters: ["length", "killwords", "end", "leeway"],
    apply(value, [length = 255, killWords, end = "...", leeway], { budget }) {
      const mark = required(end, "end");
      const most = wholeNumber(length, "length");
      const spare = leeway === undefined || leeway === null ? 5 : wholeNumber(leeway, "leeway");
      if (most < lengthOf(mark))
        throw new TemplateError(`truncate: length must be at least ${lengthOf(mark)}.`);
      if (spare < 0) throw new TemplateError("truncate: leeway must not be negative.");
      if ((sizeOf(value) ?? Infinity) <= most + spare) return value;
      const text = required(value, "truncate");
      const cut = sliceText(text, 0, most - lengthOf(mark));
      const space = isTrue(killWords) ? -1 : cut.lastIndexOf(" ");
      const kept = space < 0 ? cut : cut.slice(0, space);
      if (!(value instanceof Markup)) return budget.text(kept + mark);
      return new Markup(kept + (end instanceof Markup ? mark : escapeMarkup(mark)));
    },
  },
  wordwrap: {
    parameters: ["width", "break_long_words", "wrapstring", "break_on_hyphens"],
    apply(value, [width = 79, breakLongWords = true, wrapString, breakOnHyphens = true], { budget }) {
      const text = required(value, "wordwrap");
      const columns = wholeNumber(width, "width");
      if (columns < 1) throw new TemplateError("wordwrap: width must be at least 1.");
      const mark =
        wrapString === undefined || wrapString === null ? "\n" : required(wrapString, "wrapstring");
      budget.pass(64 * text.length);
      const options = {
        width: columns,
        breakLongWords: isTrue(breakLongWords),
        breakOnHyphens: isTrue(breakOnHyphens),
      };
      const paragraphs = linesOf(text).map((line) => wrapText(line, options));
      budget.room(text.length + mark.length * paragraphs.flat().length);
      return budget.text(paragraphs.map((lines) => lines.join(mark)).join(mark));
    },
  },
};

/** A str: these filters do not convert. */
function required(value: unknown, name: string): string {
  const text = stringOf(value);
  if (text === undefined) throw new TemplateError(`${name} needs a str, not ${typeName(value)}.`);
  return text;
}
