import { capitalize, caseFold, isLower, isTitle, isUpper, swapCase, title } from "../text/case.ts";
import { EMPTY_KINDS, TEXT_KINDS } from "../text/kind.ts";
import { isSpace } from "../values/characters.ts";
import type { Method, Methods } from "./method.ts";

/** Methods of a text without arguments: other letters, or what kind of letters it has. */
export const textCaseMethods: Methods<string> = {
  ...fromFunctions({
    upper: (self) => self.toUpperCase(),
    lower: (self) => self.toLowerCase(),
    capitalize,
    title,
    swapcase: swapCase,
    casefold: caseFold,
    isupper: isUpper,
    islower: isLower,
    istitle: isTitle,
    isspace: isSpace,
  }),
  ...fromFunctions(
    Object.fromEntries(
      Object.entries({ ...TEXT_KINDS, ...EMPTY_KINDS }).map(([name, kind]) => [
        name,
        (self: string) => kind.test(self),
      ]),
    ),
  ),
};

function fromFunctions(functions: Record<string, (self: string) => unknown>): Methods<string> {
  const methods = Object.entries(functions).map(([name, call]): [string, Method<string>] => [
    name,
    { parameters: [], call: (self) => call(self) },
  ]);
  return Object.fromEntries(methods);
}
