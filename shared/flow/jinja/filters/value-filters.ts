import { calculate } from "../arithmetic.ts";
import type { Filter } from "../filter.ts";
import { TemplateError } from "../template-error.ts";
import { stringOf } from "../values/markup.ts";
import { textOf } from "../values/repr.ts";
import { isTrue } from "../values/truth.ts";
import { attributeGetter } from "./attribute-path.ts";
import { iterated } from "./iterated.ts";

const fallback: Filter = {
  parameters: ["default_value", "boolean"],
  apply(value, given) {
    const [other, falsyToo] = given;
    const isMissing = value === undefined || (isTrue(falsyToo) && !isTrue(value));
    if (!isMissing) return value;
    return given.length === 0 ? "" : other;
  },
};

/** A fallback, an attribute, a sum. */
export const valueFilters: Record<string, Filter> = {
  default: fallback,
  d: fallback,
  attr: {
    parameters: ["name"],
    required: 1,
    apply: (value, [name], context) => context.attribute(value, textOf(name, context.budget)),
  },
  sum: {
    parameters: ["attribute", "start"],
    apply(value, [attribute, start = 0], context) {
      const { budget } = context;
      if (stringOf(start) !== undefined) throw new TemplateError("sum adds no texts: use join.");
      const items = iterated(value, "sum", budget).map(attributeGetter(attribute, context));
      budget.spend(items.length);
      return items.reduce((sum, item) => calculate("+", sum, item, budget), start);
    },
  },
};
