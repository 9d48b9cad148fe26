import { conversationInputs } from "./conversation-inputs.ts";
import type { LoadedFlow } from "./load-flow.ts";

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
  const { steps, question, histories } = conversationInputs(flow);
  const known = Array.isArray(flow.prompt.parameters.tools) ? WITH_TOOLS : SPEAKERS;
  const spoken = messages.filter(({ role }) => known.has(role));
  const last = spoken.findLastIndex(({ role }) => role === "user");
  const history = spoken.slice(0, Math.max(0, last)).map(({ role, text, ...facts }) => {
    // What was called and given belongs to the history of a prompt that has tools.
    return known === WITH_TOOLS ? { role, content: text, ...present(facts) } : { role, content: text };
  });
  return {
    ...Object.fromEntries(Object.entries(metadata).filter(([name]) => !steps.has(name))),
    ...Object.fromEntries(histories.map((name) => [name, history])),
    [question]: last < 0 ? "" : (spoken[last]?.text ?? ""),
  };
}

function present(facts: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
