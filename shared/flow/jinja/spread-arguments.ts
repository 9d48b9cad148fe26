import type { CallArguments } from "./values/call-arguments.ts";
import type { Budget } from "./limits.ts";
import type { Argument, Expression } from "./syntax-tree.ts";
import { TemplateError } from "./template-error.ts";
import { entriesOf, isDict } from "./values/dict.ts";
import { itemsOf } from "./values/items-of.ts";
import { stringOf } from "./values/markup.ts";
import { typeName } from "./values/type-name.ts";

/** The values of a call's arguments, `*list` and `**dict` taken apart. */
export function spreadArguments(
  given: Argument[],
  evaluate: (expression: Expression) => unknown,
  budget: Budget,
): CallArguments {
  const values: unknown[] = [];
  const named = new Map<string, unknown>();
  const add = (name: string, value: unknown): void => {
    if (named.has(name)) throw new TemplateError(`The argument ${name} is given twice.`);
    named.set(name, value);
  };
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
        add(text, entry);
      }
    } else if (name === undefined) {
      values.push(value);
    } else {
      add(name, value);
    }
  }
  return { values, named };
}
