import { compileTemplate } from "../../shared/flow/compile-template.ts";
import { TemplateError } from "../../shared/flow/jinja/template-error.ts";

/** What a name of a node's template is bound to in the flow. */
export type Binding =
  | { kind: "expression"; text: string }
  /** The template of a prompt node, already converted. */
  | { kind: "template"; text: string };

const MARKER = /^[ \t]*#?[ \t]*(?:system|user|assistant|developer|function|tool)[ \t]*:[ \t]*$/im;

/**
 * Rewrites a node's template, whose names are the node's own, over the names of the flow: inputs and steps. A prompt
 * node's template goes where its text was printed. Throws `TemplateError` where the template is none.
 */
export function convertTemplate(template: string, bindings: ReadonlyMap<string, Binding>): string {
  const { names } = compileTemplate(template, "jinja2");
  const prologue = new Map<string, string>();
  let text = template;
  for (const { name, at } of names.toSorted((a, b) => b.at - a.at)) {
    const binding = bindings.get(name);
    if (binding === undefined || (binding.kind === "expression" && binding.text === name)) continue;
    if (text.slice(at, at + name.length) !== name) {
      throw new TemplateError(`${name} cannot be renamed here.`, at);
    }
    if (binding.kind === "template") {
      const tag = printedAlone(text, at, name);
      if (tag === undefined) prologue.set(name, `{% set ${name} %}${binding.text}{% endset %}`);
      else text = text.slice(0, tag.start) + binding.text + text.slice(tag.end);
    } else if (bindsName(template, rootOf(binding.text))) {
      prologue.set(name, `{% set ${name} = ${binding.text} %}`);
    } else {
      text = text.slice(0, at) + binding.text + text.slice(at + name.length);
    }
  }
  return [...prologue.values(), text].join(prologue.size > 0 ? "\n" : "");
}

/** Whether a template opens a message itself. */
export function hasMarker(template: string): boolean {
  return MARKER.test(template);
}

/** Opens a user message where a template has no role marker: the completions API had none. */
export function withUserMessage(template: string): string {
  return `user:\n${template.replace(/^\n+/, "")}`;
}

/** The tag `{{ name }}` around a use, where it prints the name and nothing else. */
function printedAlone(text: string, at: number, name: string): { start: number; end: number } | undefined {
  const before = /\{\{[-+]?\s*$/.exec(text.slice(Math.max(0, at - 50), at));
  const after = /^\s*[-+]?\}\}/.exec(text.slice(at + name.length, at + name.length + 50));
  if (before === null || after === null) return undefined;
  return { start: at - before[0].length, end: at + name.length + after[0].length };
}

/** Whether the template itself gives the name a value, in a loop or an assignment. A literal has no name. */
function bindsName(template: string, name: string | undefined): boolean {
  if (name === undefined) return false;
  return new RegExp(String.raw`\{%[-+]?\s*(?:for|set|with|macro|call)\b[^%]*\b${name}\b`).test(template);
}

function rootOf(expression: string): string | undefined {
  return /^[A-Za-z_]\w*/.exec(expression)?.[0];
}
