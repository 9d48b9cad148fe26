import { collectNames, type NameUse } from "./jinja/collect-names.ts";
import { parseTemplate } from "./jinja/parse-template.ts";
import { renderTemplate } from "./jinja/render-template.ts";
import { traceRoles } from "./jinja/trace-roles.ts";
import { TemplateError } from "./jinja/template-error.ts";
import type { Trial } from "./jinja/trial.ts";
import { mustacheRoles } from "./mustache-roles.ts";
import { mustacheNames, renderMustache } from "./mustache.ts";
import { parseMustache } from "./parse-mustache.ts";
import type { RoleUses } from "./role-uses.ts";
import type { Segment } from "./segment.ts";

export type TemplateFormat = "jinja2" | "mustache";

/** A template ready to be rendered any number of times. */
export interface CompiledTemplate {
  /** Throws `TemplateError`; with a `trial` only what ends the rendering. */
  render(inputs: Readonly<Record<string, unknown>>, trial?: Trial): Segment[];
  /** What it takes from its inputs, with the offset in the template. */
  names: NameUse[];
  /** Where it prints roles, and what it reads of histories. */
  roles: RoleUses;
}

/** Parses a template once. Throws `TemplateError`. */
export function compileTemplate(source: string, format: TemplateFormat): CompiledTemplate {
  if (format === "mustache") {
    const parsed = parseMustache(source);
    const names = mustacheNames(parsed).map((use) => ({ ...use, looped: false, guarded: false }));
    return {
      render: (inputs) => renderMustache(parsed, inputs),
      names,
      roles: mustacheRoles(source, parsed),
    };
  }
  const parsed = parseTemplate(source);
  const { names, roles } = bounded(() => ({
    names: collectNames(parsed),
    roles: traceRoles(source, parsed),
  }));
  return {
    render: (inputs, trial) => renderTemplate(parsed, inputs, roles.origins, trial),
    names,
    roles,
  };
}

function bounded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw new TemplateError("An expression of the template is too long.", 0);
    throw error;
  }
}
