import { HISTORY_NAMES, isThread } from "./chat-history.ts";
import { checkAttributes } from "./check-attributes.ts";
import { checkFields } from "./check-fields.ts";
import { checkMarkers } from "./check-markers.ts";
import { checkRoleSlips } from "./check-role-slips.ts";
import { checkUserMessage } from "./check-user-message.ts";
import type { Findings } from "./diagnostics.ts";
import { nearestName } from "./nearest-name.ts";
import type { Prompty } from "./prompty.ts";
import { placeInTemplate, templateOf } from "./render-messages.ts";
import type { Unread } from "./unread.ts";
import { otherHistory } from "./history-names.ts";

/** More findings than this about one prompt help nobody. */
const MAX_REPORTED = 100;
/** Names that are longer are not compared for likeness. */
const LONGEST_NAME = 64;

/** What a prompt's template gets, as far as it is known. */
export interface InputSupply {
  /** What is given, by rows, steps, defaults or a person. */
  names: ReadonlySet<string>;
  /** What is used beside the template, by the flow's steps. */
  usedElsewhere: ReadonlySet<string>;
  /** Values that an input has, to see whether it has the form that the template takes. */
  examples(name: string): readonly unknown[];
  /** What may be given, and used by the steps, besides; nothing where all could be read. */
  unread?: { given: Unread; used: Unread };
}

/**
 * Warns of what would otherwise go wrong silently: a name that nothing supplies, one that nobody uses, an object where
 * a list is looped over, a template without a user message. Each has the nearest name that is known.
 */
export function checkInputs(prompt: Prompty, supply: InputSupply, findings: Findings): void {
  const { names } = templateOf(prompt);
  const used = new Set([...supply.usedElsewhere, ...names.map(({ name }) => name)]);
  const inputs = new Map(prompt.inputs.map((input) => [input.name, input]));
  checkLoops(prompt, inputs, supply, findings);
  checkFields(prompt, supply.examples, findings);
  // One `is defined` or `default(...)` shows that the author has thought of its absence.
  const guarded = new Set(names.filter((use) => use.guarded).map(({ name }) => name));
  const reported = new Set<string>();
  for (const { name, at } of names) {
    if (
      guarded.has(name) ||
      inputs.get(name)?.required === true ||
      supply.names.has(name) ||
      reported.has(name) ||
      supply.unread?.given.mayKnow(name, supply.names) === true
    )
      continue;
    if (reported.size >= MAX_REPORTED) break;
    reported.add(name);
    const message = historyTaken(name, supply) ?? `The template uses ${name}, which nothing supplies.`;
    findings.warning(prompt.path, placeInTemplate(prompt, at), message, supplyRemedy(name, prompt, supply));
  }
  checkHistoryNames(prompt, supply, used, findings);
  let unused = 0;
  for (const { name, type, line, column } of prompt.inputs) {
    const isHistory = isThread(type) || HISTORY_NAMES.includes(name);
    // A history that the template does not place stands before the question, unless it places another one.
    const placed = isHistory && !HISTORY_NAMES.some((other) => other !== name && used.has(other));
    if (used.has(name) || placed || supply.unread?.used.mayKnow(name, used) === true) continue;
    unused += 1;
    if (unused > MAX_REPORTED) break;
    const near = otherHistory(name, used) ?? nearest(name, used);
    const remedy = near === undefined ? "Remove it, or use it." : `Did you mean ${near}?`;
    findings.warning(prompt.path, { line, column }, `Nobody uses the input ${name}.`, remedy);
  }
  checkMarkers(prompt, supply.examples, findings);
  checkRoleSlips(prompt, findings);
  checkAttributes(prompt, findings);
  checkUserMessage(prompt, findings);
}

/** A history is taken under either name: said so that a reader need not guess which of them is meant. */
function historyTaken(name: string, supply: InputSupply): string | undefined {
  const other = otherHistory(name, supply.names);
  return other === undefined ? undefined : `${name} is given as ${other}, which stands in for it.`;
}

/** A history that the prompt declares and does not print, and that is given under another name. */
function checkHistoryNames(
  prompt: Prompty,
  supply: InputSupply,
  used: ReadonlySet<string>,
  findings: Findings,
): void {
  const declared = new Set(prompt.inputs.map(({ name }) => name));
  for (const { name, type, required, line, column } of prompt.inputs) {
    const isHistory = HISTORY_NAMES.includes(name);
    if (supply.names.has(name) || (!isHistory && !isThread(type))) continue;
    const [given] = HISTORY_NAMES.filter(
      (other) => supply.names.has(other) && !used.has(other) && !declared.has(other),
    );
    // One that the template uses was named where it does, unless its absence is an error anyway.
    if (given === undefined || (used.has(name) && !(isHistory && required))) continue;
    const message = isHistory
      ? historyTaken(name, supply)
      : `Nothing supplies the thread ${name}, and ${given} is given and not sent.`;
    if (message === undefined) continue;
    findings.warning(prompt.path, { line, column }, message, `Use one name for both: ${name}, or ${given}.`);
  }
}

function supplyRemedy(name: string, prompt: Prompty, supply: InputSupply): string {
  const declared = prompt.inputs.map((input) => input.name).filter((other) => other !== name);
  const known = new Set([...supply.names, ...declared]);
  const isHistory = HISTORY_NAMES.includes(name);
  // A chat's history is there under its names, whether or not anything else supplies it.
  const history = isHistory ? undefined : nearest(name, new Set(HISTORY_NAMES));
  const near = otherHistory(name, known) ?? nearest(name, known) ?? history;
  if (near !== undefined) return `Did you mean ${near}?`;
  return supply.names.size === 0
    ? "Give it a value."
    : `Supplied are: ${[...supply.names].slice(0, 20).join(", ")}.`;
}

function nearest(name: string, known: ReadonlySet<string>): string | undefined {
  return name.length <= LONGEST_NAME ? nearestName(name, [...known].slice(0, 1000)) : undefined;
}

function checkLoops(
  prompt: Prompty,
  inputs: ReadonlyMap<string, Prompty["inputs"][number]>,
  supply: InputSupply,
  findings: Findings,
): void {
  const reported = new Set<string>();
  for (const { name, at, looped, loopedPath } of templateOf(prompt).names) {
    const path = looped ? [] : loopedPath;
    if (path === undefined) continue;
    const whole = [name, ...path].join(".");
    if (reported.has(whole)) continue;
    if (reported.size >= MAX_REPORTED) return;
    const declared = inputs.get(name)?.type.toLowerCase();
    const isObject = supply.examples(name).some((value) => isPlainObject(valueAt(value, path)));
    const isDeclared = path.length === 0 && (declared === "object" || declared === "dict");
    if (!isObject && !isDeclared) continue;
    reported.add(whole);
    const form = isObject ? "is an object" : "is declared as an object";
    const message = `${whole} ${form} and looped over: the loop visits its field names.`;
    const remedy = `Loop over ${whole}.items(), or ${isObject ? "give" : "declare the input as"} a list.`;
    findings.warning(prompt.path, placeInTemplate(prompt, at), message, remedy);
  }
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (!isPlainObject(found) || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return found;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
