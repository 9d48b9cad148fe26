import type { Filter } from "../filter.ts";
import { TemplateError } from "../template-error.ts";
import { stripTags } from "../text/strip-tags.ts";
import { entriesOf, isDict } from "../values/dict.ts";
import { escapeMarkup, Markup, stringOf } from "../values/markup.ts";
import { textOf } from "../values/repr.ts";
import { isTrue } from "../values/truth.ts";
import { typeName } from "../values/type-name.ts";

const escape: Filter = {
  parameters: [],
  apply: (value, _given, { budget }) =>
    value instanceof Markup ? value : new Markup(budget.text(escapeMarkup(textOf(value, budget)))),
};

/** Filters for markup. What they escape is known to be escaped. */
export const markupFilters: Record<string, Filter> = {
  escape,
  e: escape,
  forceescape: {
    parameters: [],
    apply: (value, _given, { budget }) => new Markup(budget.text(escapeMarkup(textOf(value, budget)))),
  },
  safe: { parameters: [], apply: (value, _given, { budget }) => new Markup(textOf(value, budget)) },
  striptags: { parameters: [], apply: (value, _given, { budget }) => stripTags(textOf(value, budget)) },
  xmlattr: {
    parameters: ["autospace"],
    apply(value, [autoSpace = true], { budget, escaping }) {
      if (!isDict(value)) throw new TemplateError(`xmlattr needs a dict, not ${typeName(value)}.`);
      const parts = entriesOf(value)
        .filter(([, entry]) => entry !== null && entry !== undefined)
        .map(([key, entry]) => {
          const name = stringOf(key);
          if (name === undefined) throw new TemplateError("xmlattr: a name must be a str.");
          if (/[\t-\r />=]/.test(name)) throw new TemplateError(`xmlattr: ${name} is no attribute's name.`);
          const escaped = [key, entry].map((part) =>
            part instanceof Markup ? part.text : escapeMarkup(textOf(part, budget)),
          );
          return `${escaped[0]}="${escaped[1]}"`;
        });
      const text = budget.text((isTrue(autoSpace) && parts.length > 0 ? " " : "") + parts.join(" "));
      return escaping ? new Markup(text) : text;
    },
  },
};
