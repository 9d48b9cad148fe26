import { compileTemplate, type TemplateFormat } from "./compile-template.ts";
import { TemplateError } from "./jinja/template-error.ts";
import { readMustache } from "./parse-mustache.ts";

/** More findings than this about one template help nobody. */
const MOST_TRIES = 30;
/** The name that stands for an expression that cannot be read, and that nothing gives. */
const UNREAD = "_";
const LONGEST_TAG = 10_000;
/** Of a longer one only the first error is found, because each costs reading it again. */
const LONGEST_TEMPLATE = 50_000;

/** A template with what cannot be read taken out of it. All else stands where it stood. */
export interface MendedTemplate {
  template: string;
  /** Whether it can be compiled now. */
  compiles: boolean;
  problems: { message: string; offset: number }[];
  /** What was taken out. */
  taken: string[];
}

/**
 * Reads a template past its errors. In Jinja2 a tag that is wrong is blanked, or its expression replaced by a name that
 * nothing gives, and a block that does not end is ended, so that the next error is found too. In Mustache a tag that is
 * wrong is blanked, and a section that does not end is ended.
 */
export function mendTemplate(source: string, format: TemplateFormat): MendedTemplate {
  return format === "mustache" ? mendMustache(source) : mendJinja(source);
}

function mendMustache(source: string): MendedTemplate {
  const { wrong, ends } = readMustache(source);
  let template = source;
  const taken = wrong.flatMap(({ offset, end }) => (end === undefined ? [] : [source.slice(offset, end)]));
  for (const { offset, end = offset } of wrong)
    template = template.slice(0, offset) + blank(template.slice(offset, end)) + template.slice(end);
  template += ends;
  const problems = wrong.slice(0, MOST_TRIES).map(({ message, offset }) => ({ message, offset }));
  return { template, compiles: errorOf(template, "mustache") === undefined, problems, taken };
}

function mendJinja(source: string): MendedTemplate {
  const problems: MendedTemplate["problems"] = [];
  const taken: string[] = [];
  /** The ends of blocks whose beginnings were taken out. */
  const orphans = new Set<string>();
  let template = source;
  while (problems.length + taken.length < MOST_TRIES) {
    const error = errorOf(template, "jinja2");
    if (error === undefined) return { template, compiles: true, problems, taken };
    const offset = Math.min(error.offset ?? 0, source.length);
    const tag = tagAt(template, error.offset ?? 0);
    const name = tag === undefined ? "" : nameOf(tag.text);
    const isOrphan = orphans.has(name);
    if (!isOrphan) problems.push({ message: error.message, offset });
    if (source.length > LONGEST_TEMPLATE) break;
    if (isOpenAtEnd(template, error)) {
      const ended = withEnd(template);
      if (ended === undefined) break;
      template = ended;
      continue;
    }
    if (tag === undefined) break;
    const mended = isOrphan ? blank(tag.text) : withoutFault(tag.text);
    if (mended === undefined || mended === tag.text) break;
    taken.push(tag.text, ...(mended.includes(UNREAD) ? [UNREAD] : []));
    if (mended.trim() === "" && name !== "") orphans.add(`end${name}`);
    template = template.slice(0, tag.start) + mended + template.slice(tag.start + tag.text.length);
  }
  return { template, compiles: false, problems, taken };
}

function errorOf(template: string, format: TemplateFormat): TemplateError | undefined {
  try {
    compileTemplate(template, format);
    return undefined;
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
}

/** The tag that an offset lies in; up to the end of its line where it is not closed before another opens. */
function tagAt(template: string, offset: number): { start: number; text: string } | undefined {
  const start = Math.max(template.lastIndexOf("{{", offset), template.lastIndexOf("{%", offset));
  if (start < 0) return undefined;
  const rest = template.slice(start, start + LONGEST_TAG);
  const closed = rest.indexOf(rest.startsWith("{{") ? "}}" : "%}", 2);
  const next = rest.slice(2).search(/\{[{%]/) + 2;
  const isClosed = closed >= 0 && (next < 2 || closed < next);
  const end = isClosed
    ? closed + 2
    : Math.min(...[rest.indexOf("\n"), next, rest.length].filter((at) => at > 1));
  return start + end <= offset ? undefined : { start, text: rest.slice(0, end) };
}

function nameOf(tag: string): string {
  return /^\{%[-+]?\s*(\w+)/.exec(tag)?.[1] ?? "";
}

/** What holds a block together can be wrong in its expression only. */
const KEPT = ["if", "elif", "else", "endif", "for", "endfor", "set", "endset", "raw"];
const HEADS = [/^\{%[-+]?\s*(?:el)?if\s/, /^\{%[-+]?\s*for\s[\w\s,()]*\sin\s/, /^\{%[-+]?\s*set\s[\w\s,.]*=/];

/** These hold nothing else. One that is wrong for all that ends nothing that is open. */
const BARE = /^\{%[-+]?\s*(?:else|endif|endfor|endset)\b/;

/** A tag of the same length that is not wrong; undefined where there is none that holds the same block together. */
function withoutFault(tag: string): string | undefined {
  if (!KEPT.includes(nameOf(tag))) return blank(tag);
  const open = tag.replace(/[\s%}]*$/, "");
  if (!tag.endsWith("%}")) return tag.length < open.length + 2 ? undefined : `${open}%}`.padEnd(tag.length);
  const bare = BARE.exec(tag)?.[0];
  if (bare !== undefined) {
    const rest = tag.slice(bare.length, -2);
    return rest.trim() === "" ? blank(tag) : bare + blank(rest) + tag.slice(-2);
  }
  for (const head of HEADS) {
    let kept = head.exec(tag)?.[0];
    if (kept === undefined) continue;
    // `{% if %}` has room for a name without its first space.
    if (tag.length - kept.length - 2 < UNREAD.length) kept = kept.replace(/^\{%\s/, "{%");
    if (tag.length - kept.length - 2 < UNREAD.length) continue;
    return kept + UNREAD + blank(tag.slice(kept.length + UNREAD.length, -2)) + tag.slice(-2);
  }
  return undefined;
}

/** Whether all that is wrong is that a block does not end: what is put behind it is read before that is found. */
function isOpenAtEnd(template: string, error: TemplateError): boolean {
  const probed = errorOf(`${template}{% flowgate %}`, "jinja2");
  return probed !== undefined && probed.message !== error.message;
}

/** The template with an end of the block that is open at its end. */
function withEnd(template: string): string | undefined {
  for (const name of ["endif", "endfor", "endset", "endwith", "endmacro", "endcall", "endfilter", "endraw"]) {
    const ended = `${template}{% ${name} %}`;
    const error = errorOf(ended, "jinja2");
    if (error === undefined || isOpenAtEnd(ended, error)) return ended;
  }
  return undefined;
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, " ");
}
