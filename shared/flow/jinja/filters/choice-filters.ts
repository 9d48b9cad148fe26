import type { CallArguments } from "../values/call-arguments.ts";
import type { Filter, FilterContext, OpenFilter } from "../filter.ts";
import { TemplateError } from "../template-error.ts";
import { OnePass } from "../values/one-pass.ts";
import { isTrue } from "../values/truth.ts";
import { attributeGetter, nameGiven } from "./attribute-path.ts";
import { visited } from "./iterated.ts";

/** Filters that apply another filter or test to each item. What is false, such as none, counts as no items. */
export const choiceFilters: Record<string, Filter> = {
  map: { applyAll: (value, given, context) => new OnePass("generator", mapped(value, given, context)) },
  select: choosing("select", false, true),
  reject: choosing("reject", false, false),
  selectattr: choosing("selectattr", true, true),
  rejectattr: choosing("rejectattr", true, false),
};

function* mapped(value: unknown, given: CallArguments, context: FilterContext): Generator {
  if (!isTrue(value)) return;
  const change = mapping(given, context);
  for (const item of visited(value, "map", context.budget)) yield change(item);
}

function mapping(given: CallArguments, context: FilterContext): (item: unknown) => unknown {
  if (given.values.length === 0 && given.named.has("attribute")) {
    const { attribute, default: fallback = null, ...others } = Object.fromEntries(given.named);
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) throw new TemplateError(`map has no argument ${unknown}.`);
    return attributeGetter(attribute, context, fallback);
  }
  const [name, ...values] = given.values;
  if (given.values.length === 0) throw new TemplateError("map needs a filter's name or attribute=...");
  return (item) => context.filter(nameGiven(name, context), item, { values, named: given.named });
}

function choosing(filter: string, byAttribute: boolean, keep: boolean): OpenFilter {
  function* chosen(value: unknown, given: CallArguments, context: FilterContext): Generator {
    if (!isTrue(value)) return;
    if (byAttribute && given.values.length === 0) {
      throw new TemplateError(`${filter} needs the name of an attribute.`);
    }
    const [attribute, ...rest] = byAttribute ? given.values : [undefined, ...given.values];
    const picked = attributeGetter(attribute, context);
    const [name, ...values] = rest;
    const test = (subject: unknown): boolean =>
      rest.length === 0
        ? isTrue(subject)
        : context.test(nameGiven(name, context), subject, { values, named: given.named });
    for (const item of visited(value, filter, context.budget)) {
      context.budget.spend();
      if (test(picked(item)) === keep) yield item;
    }
  }
  return { applyAll: (value, given, context) => new OnePass("generator", chosen(value, given, context)) };
}
