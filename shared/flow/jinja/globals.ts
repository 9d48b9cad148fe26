import { dictOf } from "./list-filters.ts";
import type { Budget } from "./limits.ts";
import { TemplateError } from "./template-error.ts";
import { Callable, isDict, Namespace, numberOf, textOf } from "./values.ts";

/** The functions every template has. */
export function globalFunctions(budget: Budget): ReadonlyMap<string, unknown> {
  const functions = [
    new Callable("range", (values) => range(values, budget)),
    new Callable("dict", (values, named) => dictOf({ values, named })),
    new Callable("namespace", (values, named) => {
      const made = new Namespace();
      const source = values[0];
      if (isDict(source)) for (const [key, value] of Object.entries(source)) made.attributes.set(key, value);
      for (const [key, value] of named) made.attributes.set(key, value);
      return made;
    }),
    new Callable("joiner", (values) => {
      let used = false;
      return new Callable("joiner", () => {
        const text = used ? textOf(values[0] ?? ", ") : "";
        used = true;
        return text;
      });
    }),
  ];
  return new Map(functions.map((callable) => [callable.name, callable]));
}

function range(values: unknown[], budget: Budget): number[] {
  const numbers = values.map((value) => {
    const number = numberOf(value);
    if (number === undefined || !Number.isInteger(number))
      throw new TemplateError("range needs whole numbers.");
    return number;
  });
  const [first = 0, second, step = 1] = numbers;
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  if (step === 0) throw new TemplateError("range's step must not be 0.");
  const count = Math.max(0, Math.ceil((stop - start) / step));
  budget.items(count);
  return Array.from({ length: count }, (_, index) => start + index * step);
}
