/** What a template does with roles and histories, known without rendering it. */
export interface RoleUses {
  /** What is printed where a role marker stands: alone on its line, a colon behind it. */
  markers: MarkerUse[];
  /** Offsets of role markers in text that becomes a value, as a macro's does: they open no message. */
  lost: number[];
  /** The inputs whose items are printed whole, so that a history's become messages. */
  placed: ReadonlySet<string>;
  /** The fields that the template reads of an input's items, such as `inputs.question`, by input. */
  fields: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface MarkerUse {
  at: number;
  /** Those whose items' roles it prints, if it prints nothing else; none: the template's own words. */
  inputs: readonly string[] | undefined;
  /** It is called a role, so that its author most likely meant it as one. */
  named: boolean;
  /** The item whose role it prints is known when it is printed, and with it what ties the message to a tool's call. */
  tied: boolean;
  /** What it prints, where it is a plain path of an input, or a field of each of the input's items. */
  printed: { input: string; path: readonly string[]; ofItems: boolean } | undefined;
}

/** Longer lines are no markers; so looking at one costs little, also where a template is a single line. */
const LONGEST_HALF = 500;
const TAG = /\{%[^\n]{0,500}?%\}|\{#[^\n]{0,500}?#\}|\{\{[#/^!][^}\n]{0,500}\}\}/g;
const MARKER = /^\s*#?\s*(?:\{\{(?:(?!\}\}).)*\}\}\}?)+\s*(?:\[[^\]]*\])?\s*:\s*$/;

/** Whether the line of the template on which something is printed has the form of a role marker. */
export function standsAsMarker(template: string, at: number): boolean {
  const before = template.slice(Math.max(0, at - LONGEST_HALF), at);
  const after = template.slice(at, at + LONGEST_HALF);
  const start = before.lastIndexOf("\n") + 1;
  const end = after.indexOf("\n");
  if (start === 0 && at > LONGEST_HALF) return false;
  if (end < 0 && at + LONGEST_HALF < template.length) return false;
  const line = before.slice(start) + (end < 0 ? after : after.slice(0, end));
  return MARKER.test(line.replaceAll(TAG, ""));
}
