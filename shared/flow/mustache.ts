import { MAX_TEXT } from "./jinja/limits.ts";
import { TemplateError } from "./jinja/template-error.ts";
import type { MustacheNode } from "./parse-mustache.ts";
import { interpolated, literal, type Segment, type SegmentOrigin } from "./segment.ts";
import { scalarText } from "./scalar-text.ts";

const MAX_NODES = 1_000_000;

/** Renders a parsed Mustache template in bounded time. */
export function renderMustache(
  template: MustacheNode[],
  inputs: Readonly<Record<string, unknown>>,
): Segment[] {
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
    return { value, origin: { kind: "words", inputs: [scope.itemOf], item: scope.value } };
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
