import { pathOf } from "./path-of.ts";
import type { Expression } from "./syntax-tree.ts";
import { TemplateError } from "./template-error.ts";

/** What to do about something that is undefined where a value is needed. */
export function undefinedError(expression: Expression, consequence: string): TemplateError {
  const name = pathOf(expression) ?? "This";
  return new TemplateError(
    `${name} is undefined, ${consequence}. Supply it, or guard it with "is defined" or default(...).`,
    expression.at,
  );
}
