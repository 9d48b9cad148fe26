import type { Place } from "./diagnostics.ts";
import { positionAt } from "./jinja/template-error.ts";

/** The place in a file of an offset in a text that starts at a place of it. */
export function placeBehind(start: Place, text: string, offset: number): Place {
  const { line, column } = positionAt(text, offset);
  return { line: start.line + line - 1, column: line === 1 ? start.column + column - 1 : column };
}
