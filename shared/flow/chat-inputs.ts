import { historyInput, HISTORY_NAMES } from "./chat-history.ts";
import type { LoadedFlow } from "./load-flow.ts";
import type { Prompty } from "./prompty.ts";
import { questionName } from "../model/question-of.ts";
import { templateOf } from "./render-messages.ts";

/** A message of a conversation, with what ties it to a tool's call. */
export interface SpokenTurn {
  role: string;
  text: string;
  tool_calls?: readonly unknown[] | undefined;
  tool_call_id?: string | undefined;
  name?: string | undefined;
}

const SPEAKERS = new Set(["user", "assistant"]);
const WITH_TOOLS = new Set([...SPEAKERS, "tool", "function"]);

/**
 * The inputs of a flow from a chat request: the last user message is the question, what users and assistants said
 * before it the history, each under the name the flow uses. `metadata` gives the other inputs, such as `customerId`;
 * it can replace neither the conversation nor what the flow's steps find.
 */
export function chatInputs(
  flow: LoadedFlow,
  messages: readonly SpokenTurn[],
  metadata: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const { steps, historyNames, question } = namesIn(flow);
  const known = Array.isArray(flow.prompt.parameters.tools) ? WITH_TOOLS : SPEAKERS;
  const spoken = messages.filter(({ role }) => known.has(role));
  const last = spoken.findLastIndex(({ role }) => role === "user");
  const history = spoken.slice(0, Math.max(0, last)).map(({ role, text, ...facts }) => {
    // What was called and given belongs to the history of a prompt that has tools.
    return known === WITH_TOOLS ? { role, content: text, ...present(facts) } : { role, content: text };
  });
  return {
    ...Object.fromEntries(Object.entries(metadata).filter(([name]) => !steps.has(name))),
    ...Object.fromEntries(historyNames.map((name) => [name, history])),
    [question]: last < 0 ? "" : (spoken[last]?.text ?? ""),
  };
}

interface ChatNames {
  /** What the flow's steps give. */
  steps: ReadonlySet<string>;
  historyNames: readonly string[];
  question: string;
}

/** A flow that is loaded does not change, and every turn asks. */
const namesOf = new WeakMap<LoadedFlow, ChatNames>();

function namesIn(flow: LoadedFlow): ChatNames {
  const known = namesOf.get(flow);
  if (known) return known;
  const steps = new Set(flow.steps.map(({ name }) => name));
  const names = [
    ...templateOf(flow.prompt).names.map(({ name }) => name),
    ...flow.steps.flatMap(({ uses }) => [...uses]),
  ];
  const used = new Set(names.filter((name) => !steps.has(name)));
  const historyNames = [
    historyInput(flow.prompt, used) ?? spokenInput(flow.prompt, used) ?? HISTORY_NAMES[0] ?? "chat_history",
  ];
  for (const name of HISTORY_NAMES)
    if (used.has(name) && !historyNames.includes(name)) historyNames.push(name);
  const found = { steps, historyNames, question: questionName(used) };
  namesOf.set(flow, found);
  return found;
}

function present(facts: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** The list whose items' roles the template prints as markers, where nothing but a chat could give it. */
function spokenInput(prompt: Prompty, used: ReadonlySet<string>): string | undefined {
  const printed = templateOf(prompt).roles.markers.flatMap(({ inputs }) => inputs ?? []);
  return printed.find(
    (name) =>
      used.has(name) && !prompt.inputs.some((input) => input.name === name && input.default !== undefined),
  );
}
