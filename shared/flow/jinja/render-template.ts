import type { Segment } from "../segment.ts";
import { LimitError } from "./limit-error.ts";
import { MAX_TEXT } from "./limits.ts";
import { Rendering } from "./rendering.ts";
import type { Statement } from "./syntax-tree.ts";
import { TemplateError } from "./template-error.ts";
import type { Trial } from "./trial.ts";
import type { Origin } from "./word-origins.ts";

/**
 * Renders a parsed template as stock Jinja2 does in its immutable sandbox (nothing escaped, the last newline kept),
 * with one lenience: a dict's field wins over its method. Ends in bounded time and memory. `origins` tells of outputs
 * what `traceRoles` found. Throws `TemplateError` at the first failure; with a `trial`, at what ends the rendering.
 */
export function renderTemplate(
  template: Statement[],
  inputs: Readonly<Record<string, unknown>>,
  origins: ReadonlyMap<Statement, Origin> = new Map(),
  trial?: Trial,
): Segment[] {
  try {
    return render(template, inputs, origins, trial);
  } catch (error) {
    // A chain of thousands of operators outgrows the stack; that is the template's fault, not the process's.
    if (error instanceof RangeError)
      throw new TemplateError("An expression of the template is too long, or a value is nested too deep.");
    throw error;
  }
}

function render(
  template: Statement[],
  inputs: Readonly<Record<string, unknown>>,
  origins: ReadonlyMap<Statement, Origin>,
  trial: Trial | undefined,
): Segment[] {
  const segments: Segment[] = [];
  let length = 0;
  new Rendering(template, inputs, origins, trial).run((segment) => {
    length += segment.text.length;
    if (length > MAX_TEXT) throw new LimitError(`The template renders more than ${MAX_TEXT} characters.`);
    const last = segments.at(-1);
    if (segment.kind === "literal" && last?.kind === "literal") last.text += segment.text;
    else segments.push(segment);
  });
  return segments;
}
