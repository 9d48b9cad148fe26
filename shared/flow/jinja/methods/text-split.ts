import { TemplateError } from "../template-error.ts";
import { partitionText, splitText, splitTextFromEnd } from "../text/split.ts";
import { linesOf } from "../values/characters.ts";
import { itemsOf } from "../values/items-of.ts";
import { tuple } from "../values/tuple.ts";
import { isTrue } from "../values/truth.ts";
import { typeName } from "../values/type-name.ts";
import type { Method, Methods } from "./method.ts";
import { countGiven, optionalText, textGiven } from "./text-arguments.ts";

/** Methods that take a text apart or join texts. */
export const textSplitMethods: Methods<string> = {
  split: splitting(splitText),
  rsplit: splitting(splitTextFromEnd),
  splitlines: {
    parameters: ["keepends"],
    call: (self, [keepEnds]) => linesOf(self, isTrue(keepEnds)),
  },
  partition: partitioning(false),
  rpartition: partitioning(true),
  join: {
    parameters: ["iterable"],
    required: 1,
    call(self, [iterable], budget) {
      const items = itemsOf(iterable, budget);
      if (items === undefined) throw new TemplateError(`join needs a list, not ${typeName(iterable)}.`);
      const parts = items.map((item) => textGiven(item, "An item to join"));
      budget.room(parts.reduce((sum, part) => sum + part.length + self.length, 0));
      return budget.text(parts.join(self));
    },
  },
};

function splitting(
  split: (text: string, separator: string | undefined, limit: number) => string[],
): Method<string> {
  return {
    parameters: ["sep", "maxsplit"],
    call(self, [separator, limit]) {
      const mark = optionalText(separator, "sep");
      if (mark === "") throw new TemplateError("split: the separator is empty.");
      return split(self, mark, countGiven(limit, "maxsplit", -1));
    },
  };
}

function partitioning(last: boolean): Method<string> {
  return {
    parameters: ["sep"],
    required: 1,
    call(self, [separator]) {
      const mark = textGiven(separator, "sep");
      if (mark === "") throw new TemplateError("partition: the separator is empty.");
      return tuple(partitionText(self, mark, last));
    },
  };
}
