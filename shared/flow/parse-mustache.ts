import { MAX_DEPTH, MAX_TEMPLATE } from "./jinja/limits.ts";
import { TemplateError } from "./jinja/template-error.ts";

export type MustacheNode =
  | { type: "text"; text: string; at: number }
  | { type: "value"; path: string; at: number }
  | { type: "section"; path: string; inverted: boolean; body: MustacheNode[]; at: number };

/** What is wrong in a template. */
interface MustacheProblem {
  message: string;
  offset: number;
  /** Past the tag that is read over; undefined where the tag itself counts. */
  end?: number;
}

/** A template as far as it can be read. */
export interface ReadMustache {
  nodes: MustacheNode[];
  wrong: MustacheProblem[];
  /** The tags that close the sections which are open at its end. */
  ends: string;
}

/** Beyond so many, what is wrong is not looked for: each may look through all of the text for its end. */
const MAX_WRONG = 100;
const SIGILS = "#^/!&>=";

/**
 * Parses a Mustache template: values, sections, inverted sections, comments and other delimiters, with the rule that
 * a section's tag alone on its line leaves no line. Nothing is escaped: a prompt is not markup. Throws `TemplateError`.
 */
export function parseMustache(source: string): MustacheNode[] {
  const { nodes, wrong } = readMustache(source);
  const [first] = wrong;
  if (first !== undefined) throw new TemplateError(first.message, first.offset);
  return nodes;
}

/** Reads a Mustache template past what is wrong in it. */
export function readMustache(source: string): ReadMustache {
  const nodes: MustacheNode[] = [];
  const wrong: MustacheProblem[] = [];
  if (source.length > MAX_TEMPLATE) {
    wrong.push({ message: "The template is too long.", offset: 0 });
    return { nodes, wrong, ends: "" };
  }
  const open: { node: Extract<MustacheNode, { type: "section" }>; body: MustacheNode[] }[] = [];
  let body = nodes;
  let [start, end] = ["{{", "}}"];
  let at = 0;

  const pushText = (from: number, to: number): void => {
    if (to > from) body.push({ type: "text", text: source.slice(from, to), at: from });
  };
  const closeSection = (name: string, tag: number, next: number): void => {
    const depth = open.findLastIndex(({ node }) => node.path === name);
    if (depth < 0) {
      const message = `{{/${name}}} closes a section that is not open.`;
      wrong.push({ message, offset: tag, end: next });
      return;
    }
    for (const { node } of open.slice(depth + 1).reverse()) wrong.push(unclosed(node));
    body = open[depth]?.body ?? nodes;
    open.length = depth;
  };

  while (at < source.length && wrong.length < MAX_WRONG) {
    const tag = source.indexOf(start, at);
    if (tag < 0) break;
    const triple = start === "{{" && source[tag + 2] === "{";
    const contentStart = tag + start.length + (triple ? 1 : 0);
    const close = source.indexOf(triple ? "}}}" : end, contentStart);
    const content = source.slice(contentStart, close < 0 ? contentStart : close).trim();
    const sigil = SIGILS.includes(content.charAt(0)) ? content.charAt(0) : "";
    // Another tag within one is the next of one that is not closed; a comment may show what a tag looks like.
    if (close < 0 || (sigil !== "!" && content.includes(start))) {
      const inner = source.indexOf(start, contentStart);
      const line = source.indexOf("\n", tag);
      const past = Math.min(...[inner, line, source.length].filter((place) => place >= 0));
      wrong.push({ message: `The ${start} that opens here is not closed.`, offset: tag, end: past });
      at = past;
      continue;
    }
    const name = content.slice(sigil.length).trim();
    let next = close + (triple ? 3 : end.length);
    const tagEnd = next;
    let textEnd = tag;
    if (!triple && "#^/!=".includes(sigil) && sigil !== "") {
      const line = standaloneLine(source, tag, next);
      if (line !== undefined) [textEnd, next] = line;
    }
    pushText(at, textEnd);
    at = next;
    if (triple || sigil === "" || sigil === "&") {
      body.push({ type: "value", path: name, at: tag });
    } else if (sigil === "#" || sigil === "^") {
      if (open.length >= MAX_DEPTH) {
        wrong.push({ message: "Sections are nested too deep.", offset: tag });
        return { nodes, wrong, ends: "" };
      }
      const node = { type: "section" as const, path: name, inverted: sigil === "^", body: [], at: tag };
      body.push(node);
      open.push({ node, body });
      body = node.body;
    } else if (sigil === "/") {
      closeSection(name, tag, tagEnd);
    } else if (sigil === "=") {
      const [first, second] = name.replace(/=$/, "").trim().split(/\s+/);
      if (first && second) [start, end] = [first, second];
      else wrong.push({ message: "Delimiters are set as {{=<% %>=}}.", offset: tag, end: tagEnd });
    } else if (sigil === ">") {
      const message = "Partials are not supported: a prompt's template is one file.";
      wrong.push({ message, offset: tag, end: tagEnd });
    }
  }
  pushText(at, source.length);
  open.reverse();
  for (const { node } of open) wrong.push(unclosed(node));
  return { nodes, wrong, ends: open.map(({ node }) => `${start}/${node.path}${end}`).join("") };
}

function unclosed({ path, at }: { path: string; at: number }): MustacheProblem {
  return { message: `The section ${path} is not closed.`, offset: at };
}

/** Where text ends before, and goes on after, a tag that stands alone on its line. */
function standaloneLine(source: string, tag: number, next: number): [number, number] | undefined {
  let before = tag;
  while (before > 0 && (source[before - 1] === " " || source[before - 1] === "\t")) before -= 1;
  if (before > 0 && source[before - 1] !== "\n") return undefined;
  let after = next;
  while (source[after] === " " || source[after] === "\t") after += 1;
  if (source[after] === "\n") return [before, after + 1];
  return after >= source.length ? [before, after] : undefined;
}
