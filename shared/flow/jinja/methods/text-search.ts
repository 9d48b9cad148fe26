import { TemplateError } from "../template-error.ts";
import { lengthOf } from "../values/characters.ts";
import { isTuple } from "../values/tuple.ts";
import type { Method, Methods } from "./method.ts";
import { textGiven, windowOf } from "./text-arguments.ts";

/** Methods that look for a text in a text. Positions count characters. */
export const textSearchMethods: Methods<string> = {
  find: searching(false, false),
  rfind: searching(true, false),
  index: searching(false, true),
  rindex: searching(true, true),
  startswith: affixing("startswith", (text, affix) => text.startsWith(affix)),
  endswith: affixing("endswith", (text, affix) => text.endsWith(affix)),
  count: {
    parameters: ["sub", "start", "end"],
    required: 1,
    call(self, [sub, start, end]) {
      const part = textGiven(sub, "sub");
      const window = windowOf(self, start, end);
      if (window === undefined) return 0;
      const { letters } = window;
      return part === "" ? letters.length + 1 : letters.join("").split(part).length - 1;
    },
  },
};

function searching(last: boolean, throws: boolean): Method<string> {
  return {
    parameters: ["sub", "start", "end"],
    required: 1,
    call(self, [sub, start, end]) {
      const part = textGiven(sub, "sub");
      const window = windowOf(self, start, end);
      const text = window?.letters.join("") ?? "";
      const at = window === undefined ? -1 : last ? text.lastIndexOf(part) : text.indexOf(part);
      if (at >= 0) return (window?.from ?? 0) + lengthOf(text.slice(0, at));
      if (throws) throw new TemplateError("index: the text does not hold what is looked for.");
      return -1;
    },
  };
}

function affixing(name: string, holds: (text: string, affix: string) => boolean): Method<string> {
  return {
    parameters: ["affix", "start", "end"],
    required: 1,
    call(self, [affix, start, end]) {
      const affixes = isTuple(affix) ? affix : [affix];
      const texts = affixes.map((one) => textGiven(one, name));
      const window = windowOf(self, start, end);
      const text = window?.letters.join("");
      return text !== undefined && texts.some((one) => holds(text, one));
    },
  };
}
