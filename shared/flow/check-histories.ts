import { HISTORY_NAMES, historyInput, historyKind, isThread } from "./chat-history.ts";
import { START, type Findings, type Place } from "./diagnostics.ts";
import { historyProblems, isNoHistory } from "./history-problems.ts";
import type { Prompty } from "./prompty.ts";
import { placeInTemplate, templateOf } from "./render-messages.ts";

const MAX_REPORTED = 100;

/** Values that a prompt gets, and where they are written. */
export interface GivenValues {
  values: Readonly<Record<string, unknown>>;
  file: string;
  place: Place;
  /** Nothing answers with them in production, so that nothing about them is an error. */
  isSample?: boolean;
}

/** Values whose own place is not known: each stands for where the template first uses it. */
export function valuesAtUse(prompt: Prompty, values: Readonly<Record<string, unknown>>): GivenValues[] {
  return Object.entries(values).map(([name, value]) => {
    const use = templateOf(prompt).names.find((other) => other.name === name);
    const place = use === undefined ? START : placeInTemplate(prompt, use.at);
    return { values: { [name]: value }, file: prompt.path, place };
  });
}

/**
 * Holds the histories that a prompt gets against what can be sent: an item without a role that messages have is an
 * error where the prompt sends it, one that is left out for giving instructions a warning.
 */
export function checkHistories(prompt: Prompty, given: Iterable<GivenValues>, findings: Findings): void {
  const check = createHistoryCheck(prompt, findings);
  for (const values of given) check(values);
}

/** The same of what is given one after the other. */
export function createHistoryCheck(prompt: Prompty, findings: Findings): (given: GivenValues) => void {
  const sent = sentHistories(prompt);
  let reported = 0;
  return ({ values, file, place, isSample }) => {
    for (const history of sent) {
      for (const { severity, message, remedy } of problemsOf(history, values)) {
        reported += 1;
        if (reported > MAX_REPORTED) return;
        findings[isSample === true ? "warning" : severity](file, place, message, remedy);
      }
    }
  };
}

interface Found {
  severity: "error" | "warning";
  message: string;
  remedy: string;
}

function problemsOf({ name, type, whole, marked }: SentHistory, values: GivenValues["values"]): Found[] {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (typeof value === "string" && value.trim() !== "") {
    const isHistory = marked || isThread(type) || HISTORY_NAMES.includes(name);
    if ((whole || marked) && !(isHistory && value.trim().startsWith("["))) return [];
    const message = `${name} is a text, no list of messages, and ${whole || marked ? "printed as it is" : "not sent"}.`;
    return [{ severity: "warning", message, remedy: "Give it as a list, in JSON or YAML." }];
  }
  const kind = historyKind(name, type, value);
  if (kind === undefined || !Array.isArray(value)) return [];
  const problems = historyProblems(value, kind === "thread");
  const [first] = problems;
  if (whole && first !== undefined && isNoHistory(value, kind === "thread")) {
    const message = `${name} holds no messages, and is printed as a list.`;
    return [{ severity: "warning", message, remedy: first.remedy }];
  }
  return problems.map(({ item, what, remedy, kind: problem }) =>
    problem === "instructions"
      ? { severity: "warning", message: `${name}[${item}] ${what} and is left out.`, remedy }
      : { severity: "error", message: `${name}[${item}] ${what}.`, remedy },
  );
}

/** An input whose items a prompt sends as messages. */
interface SentHistory {
  name: string;
  type: string | undefined;
  /** The template prints it whole. */
  whole: boolean;
  /** The template prints its items' roles as markers. Neither: it stands before the last user message. */
  marked: boolean;
}

/** A template that only reads a history decides itself what becomes of it. */
function sentHistories(prompt: Prompty): SentHistory[] {
  const { names, roles } = templateOf(prompt);
  const used = new Set(names.map(({ name }) => name));
  const types = new Map(prompt.inputs.map(({ name, type }) => [name, type]));
  const marked = new Set(roles.markers.flatMap(({ inputs }) => inputs ?? []));
  const unplaced = historyInput(prompt, used);
  const unused = [...(unplaced === undefined ? HISTORY_NAMES : [unplaced])].filter((name) => !used.has(name));
  return [...new Set([...unused, ...roles.placed, ...marked])].map((name) => ({
    name,
    type: types.get(name),
    whole: roles.placed.has(name),
    marked: marked.has(name),
  }));
}
