import { questionName } from "../model/question-of.ts";
import { historyInput, HISTORY_NAMES } from "./chat-history.ts";
import type { LoadedFlow } from "./load-flow.ts";
import type { Prompty } from "./prompty.ts";
import { templateOf } from "./render-messages.ts";

/** Under which names a flow takes a conversation, and what else it takes. */
export interface ConversationInputs {
  /** What the flow's steps give. */
  steps: ReadonlySet<string>;
  question: string;
  /** Each takes what was said before. */
  histories: readonly string[];
  /** What its templates and steps use and its steps do not make. */
  used: ReadonlySet<string>;
}

/** A flow that is loaded does not change, and every turn asks. */
const inputsOf = new WeakMap<LoadedFlow, ConversationInputs>();

export function conversationInputs(flow: LoadedFlow): ConversationInputs {
  const known = inputsOf.get(flow) ?? findInputs(flow);
  inputsOf.set(flow, known);
  return known;
}

function findInputs(flow: LoadedFlow): ConversationInputs {
  const steps = new Set(flow.steps.map(({ name }) => name));
  const names = [
    ...templateOf(flow.prompt).names.map(({ name }) => name),
    ...flow.steps.flatMap(({ uses }) => [...uses]),
  ];
  const used = new Set(names.filter((name) => !steps.has(name)));
  const histories = [
    historyInput(flow.prompt, used) ?? spokenInput(flow.prompt, used) ?? HISTORY_NAMES[0] ?? "chat_history",
  ];
  for (const name of HISTORY_NAMES) if (used.has(name) && !histories.includes(name)) histories.push(name);
  return { steps, question: questionName(used), histories, used };
}

/** The list whose items' roles the template prints as markers, where nothing but a chat could give it. */
function spokenInput(prompt: Prompty, used: ReadonlySet<string>): string | undefined {
  const printed = templateOf(prompt).roles.markers.flatMap(({ inputs }) => inputs ?? []);
  return printed.find(
    (name) =>
      used.has(name) && !prompt.inputs.some((input) => input.name === name && input.default !== undefined),
  );
}
