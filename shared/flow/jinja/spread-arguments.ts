import type { CallArguments } from "./values/call-arguments.ts";
import type { Budget } from "./limits.ts";
import type { Argument, Expression } from "./syntax-tree.ts";
import { TemplateError } from "./template-error.ts";
import { entriesOf, isDict } from "./values/dict.ts";
import { itemsOf } from "./values/items-of.ts";
import { stringOf } from "./values/markup.ts";
import { typeName } from "./values/type-name.ts";

const NONE: ReadonlyMap<string, unknown> = new Map();

/** The values of a call's arguments, `*list` and `**dict` taken apart. */
export function spreadArguments(
  given: Argument[],
  evaluate: (expression: Expression) => unknown,
  budget: Budget,
): CallArguments {
  const values: unknown[] = [];
  let named: Map<string, unknown> | undefined;
  for (const { name, value: expression, spread } of given) {
    const value = evaluate(expression);
    if (spread === "*") {
      const items = itemsOf(value, budget);
      if (items === undefined) throw new TemplateError(`* needs a list, not ${typeName(value)}.`);
      budget.items(items.length);
      for (const item of items) values.push(item);
    } else if (spread === "**") {
      if (!isDict(value)) throw new TemplateError(`** needs a dict, not ${typeName(value)}.`);
      for (const [key, entry] of entriesOf(value)) {
        const text = stringOf(key);
        if (text === undefined) throw new TemplateError("** needs a dict whose keys are str.");
        named = withArgument(named, text, entry);
      }
    } else if (name === undefined) {
      values.push(value);
    } else {
      named = withArgument(named, name, value);
    }
  }
  return { values, named: named ?? NONE };
}

function withArgument(
  known: Map<string, unknown> | undefined,
  name: string,
  value: unknown,
): Map<string, unknown> {
  const named = known ?? new Map<string, unknown>();
  if (named.has(name)) throw new TemplateError(`The argument ${name} is given twice.`);
  return named.set(name, value);
}
