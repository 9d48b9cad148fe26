import { MAX_DEPTH, MAX_TEMPLATE, MAX_TEXT } from "./jinja/limits.ts";
import { TemplateError } from "./jinja/template-error.ts";
import { interpolated, literal, type Segment, type SegmentOrigin } from "./segment.ts";
import { scalarText } from "./scalar-text.ts";

export type MustacheNode =
  | { type: "text"; text: string; at: number }
  | { type: "value"; path: string; at: number }
  | { type: "section"; path: string; inverted: boolean; body: MustacheNode[]; at: number };

const MAX_NODES = 1_000_000;
const SIGILS = "#^/!&>=";

/**
 * Parses a Mustache template: values, sections, inverted sections, comments and other delimiters, with the rule that
 * a section's tag alone on its line leaves no line. Nothing is escaped: a prompt is not markup. Throws `TemplateError`.
 */
export function parseMustache(source: string): MustacheNode[] {
  if (source.length > MAX_TEMPLATE) throw new TemplateError("The template is too long.", 0);
  const root: MustacheNode[] = [];
  const open: { node: Extract<MustacheNode, { type: "section" }>; body: MustacheNode[] }[] = [];
  let body = root;
  let [start, end] = ["{{", "}}"];
  let at = 0;

  const pushText = (from: number, to: number): void => {
    if (to > from) body.push({ type: "text", text: source.slice(from, to), at: from });
  };

  while (at < source.length) {
    const tag = source.indexOf(start, at);
    if (tag < 0) break;
    const triple = start === "{{" && source[tag + 2] === "{";
    const contentStart = tag + start.length + (triple ? 1 : 0);
    const close = source.indexOf(triple ? "}}}" : end, contentStart);
    if (close < 0) throw new TemplateError(`The ${start} that opens here is not closed.`, tag);
    const content = source.slice(contentStart, close).trim();
    const sigil = SIGILS.includes(content.charAt(0)) ? content.charAt(0) : "";
    const name = content.slice(sigil.length).trim();
    let next = close + (triple ? 3 : end.length);
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
      if (open.length >= MAX_DEPTH) throw new TemplateError("Sections are nested too deep.", tag);
      const node = { type: "section" as const, path: name, inverted: sigil === "^", body: [], at: tag };
      body.push(node);
      open.push({ node, body });
      body = node.body;
    } else if (sigil === "/") {
      const opened = open.pop();
      if (opened?.node.path !== name)
        throw new TemplateError(`{{/${name}}} closes a section that is not open.`, tag);
      body = opened.body;
    } else if (sigil === "=") {
      const [first, second] = name.replace(/=$/, "").trim().split(/\s+/);
      if (!first || !second) throw new TemplateError("Delimiters are set as {{=<% %>=}}.", tag);
      [start, end] = [first, second];
    } else if (sigil === ">") {
      throw new TemplateError("Partials are not supported: a prompt's template is one file.", tag);
    }
  }
  pushText(at, source.length);
  const unclosed = open.at(-1);
  if (unclosed) throw new TemplateError(`The section ${unclosed.node.path} is not closed.`, unclosed.node.at);
  return root;
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

/** Renders a parsed Mustache template in bounded time. */
export function renderMustache(template: MustacheNode[], inputs: Record<string, unknown>): Segment[] {
  const segments: Segment[] = [];
  let nodes = 0;
  let length = 0;
  const push = (segment: Segment): void => {
    length += segment.text.length;
    if (length > MAX_TEXT) throw new TemplateError(`The template renders more than ${MAX_TEXT} characters.`);
    segments.push(segment);
  };
  const renderAll = (body: MustacheNode[], scopes: readonly MustacheScope[]): void => {
    for (const node of body) {
      nodes += 1;
      if (nodes > MAX_NODES) throw new TemplateError("The template does too much work: shorten its loops.");
      if (node.type === "text") push(literal(node.text));
      else if (node.type === "section") renderSection(node, scopes);
      else {
        const { value, origin } = lookUp(node.path, scopes);
        push(interpolated(textOf(value), node.path, origin));
      }
    }
  };
  const renderSection = (
    node: Extract<MustacheNode, { type: "section" }>,
    scopes: readonly MustacheScope[],
  ): void => {
    const { value, origin } = lookUp(node.path, scopes);
    const empty = !value || (Array.isArray(value) && value.length === 0);
    if (node.inverted) {
      if (empty) renderAll(node.body, scopes);
    } else if (Array.isArray(value)) {
      const itemOf = origin?.kind === "items" ? origin.inputs[0] : undefined;
      for (const item of value) renderAll(node.body, [...scopes, { value: item, itemOf }]);
    } else if (!empty) {
      renderAll(node.body, [...scopes, { value, itemOf: undefined }]);
    }
  };
  renderAll(template, [{ value: inputs, itemOf: undefined }]);
  return segments;
}

/** What a section visits, and the input whose item it is. */
interface MustacheScope {
  value: unknown;
  itemOf: string | undefined;
}

/** The names a template takes from its inputs. A name inside a section may be a field of what the section visits. */
export function mustacheNames(template: MustacheNode[], inside = false): { name: string; at: number }[] {
  return template.flatMap((node) => {
    if (node.type === "text") return [];
    const name = node.path.split(".")[0] ?? "";
    const own = name === "" || inside ? [] : [{ name, at: node.at }];
    return node.type === "value" ? own : [...own, ...mustacheNames(node.body, inside || !node.inverted)];
  });
}

/** A value, and what it is made of where that can make messages: an input that is a list, its items and their roles. */
function lookUp(
  path: string,
  scopes: readonly MustacheScope[],
): { value: unknown; origin: SegmentOrigin | undefined } {
  const innermost = scopes.at(-1);
  if (path === ".") {
    const { value, itemOf } = innermost ?? { value: undefined, itemOf: undefined };
    const inputs = itemOf === undefined ? [] : [itemOf];
    return { value, origin: itemOf === undefined ? undefined : { kind: "items", inputs, items: [value] } };
  }
  const [first = "", ...rest] = path.split(".");
  const scope = scopes.findLast((candidate) => owns(candidate.value, first));
  let value = fieldOf(scope?.value, first);
  for (const name of rest) value = fieldOf(value, name);
  if (scope === undefined || rest.length > 0) return { value, origin: undefined };
  if (scope.itemOf !== undefined && first === "role")
    return { value, origin: { kind: "words", inputs: [scope.itemOf] } };
  const isList = scope === scopes[0] && Array.isArray(value);
  return {
    value,
    origin: isList ? { kind: "items", inputs: [first], items: value as unknown[] } : undefined,
  };
}

function owns(value: unknown, name: string): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name);
}

function fieldOf(value: unknown, name: string): unknown {
  return owns(value, name) ? value[name] : undefined;
}

function textOf(value: unknown): string {
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  return scalarText(value) ?? "";
}
