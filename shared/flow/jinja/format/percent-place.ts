import { TemplateError } from "../template-error.ts";

/** What stands behind a `%`, as it is written; a `*` asks for a value. */
export interface WrittenPlace {
  key: string | undefined;
  flags: string;
  width: string;
  precision: string | undefined;
  kind: string;
  /** Where the text goes on. */
  end: number;
}

const REST = /([-+ 0#]{0,20})(\*|\d{0,8})(?:\.(\*|\d{0,8}))?[hlL]?([^]?)/uy;

/** Reads a place of a format from behind its `%`, in time linear in its length. Throws where the text ends in it. */
export function readPlace(template: string, start: number): WrittenPlace {
  const close = template[start] === "(" ? closingOf(template, start) : undefined;
  const key = close === undefined ? undefined : template.slice(start + 1, close);
  REST.lastIndex = close === undefined ? start : close + 1;
  const [, flags = "", width = "", precision, kind = ""] = REST.exec(template) ?? [];
  if (kind === "") throw new TemplateError("The format ends within a place.");
  return { key, flags, width, precision, kind, end: REST.lastIndex };
}

/** The bracket that closes one, others being nested between them. */
function closingOf(template: string, open: number): number {
  let depth = 0;
  for (let at = open; at < template.length; at += 1) {
    if (template[at] === "(") depth += 1;
    if (template[at] === ")") depth -= 1;
    if (depth === 0) return at;
  }
  throw new TemplateError("The name in a format is not closed.");
}
