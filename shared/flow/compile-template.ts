import { collectNames, type NameUse } from "./jinja/collect-names.ts";
import { parseTemplate } from "./jinja/parse-template.ts";
import { renderTemplate } from "./jinja/render-template.ts";
import type { Statement } from "./jinja/syntax-tree.ts";
import { TemplateError } from "./jinja/template-error.ts";
import { mustacheNames, parseMustache, renderMustache } from "./mustache.ts";
import type { Segment } from "./segment.ts";

export type TemplateFormat = "jinja2" | "mustache";

/** A template ready to be rendered any number of times. */
export interface CompiledTemplate {
  /** Throws `TemplateError`. */
  render(inputs: Record<string, unknown>): Segment[];
  /** What it takes from its inputs, with the offset in the template. */
  names: NameUse[];
}

/** Parses a template once. Throws `TemplateError`. */
export function compileTemplate(source: string, format: TemplateFormat): CompiledTemplate {
  if (format === "mustache") {
    const parsed = parseMustache(source);
    const names = mustacheNames(parsed).map((use) => ({ ...use, looped: false, guarded: false }));
    return { render: (inputs) => renderMustache(parsed, inputs), names };
  }
  const parsed = parseTemplate(source);
  return { render: (inputs) => renderTemplate(parsed, inputs), names: namesOf(parsed) };
}

function namesOf(parsed: Statement[]): CompiledTemplate["names"] {
  try {
    return collectNames(parsed);
  } catch (error) {
    if (error instanceof RangeError) throw new TemplateError("An expression of the template is too long.", 0);
    throw error;
  }
}
