import { Dict, entriesOf, valueIn } from "../values/dict.ts";
import { DictView } from "../values/dict-view.ts";
import type { Methods } from "./method.ts";

/** Methods of a dict that leave it as it is. */
export const dictMethods: Methods<Dict | Record<string, unknown>> = {
  items: { parameters: [], call: (self) => new DictView("items", self) },
  keys: { parameters: [], call: (self) => new DictView("keys", self) },
  values: { parameters: [], call: (self) => new DictView("values", self) },
  copy: { parameters: [], call: (self) => Dict.of(entriesOf(self)) },
  get: {
    parameters: ["key", "default"],
    required: 1,
    call(self, given) {
      const found = valueIn(self, given[0]);
      if (found !== undefined) return found[0];
      return given.length > 1 ? given[1] : null;
    },
  },
};
