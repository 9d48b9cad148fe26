import { TemplateError } from "../template-error.ts";
import { isEqual } from "../values/equality.ts";
import type { Methods } from "./method.ts";

/** Methods of a tuple, and of a list those that leave it as it is. */
export const tupleMethods: Methods<unknown[]> = {
  index: {
    parameters: ["value", "start", "stop"],
    required: 1,
    call(self, [value, start, stop], budget) {
      const from = positionOf(start, 0, self.length);
      const to = positionOf(stop, self.length, self.length);
      const found = self.slice(from, to).findIndex((item) => isEqual(item, value, budget));
      if (found < 0) throw new TemplateError("index: the value is not in the list.");
      return from + found;
    },
  },
  count: {
    parameters: ["value"],
    required: 1,
    call: (self, [value], budget) => self.filter((item) => isEqual(item, value, budget)).length,
  },
};

export const listMethods: Methods<unknown[]> = {
  ...tupleMethods,
  copy: { parameters: [], call: (self) => [...self] },
};

function positionOf(value: unknown, fallback: number, length: number): number {
  if (typeof value !== "number") return fallback;
  return Math.max(0, value < 0 ? value + length : value);
}
