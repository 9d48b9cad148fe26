import type { SpokenTurn } from "../../shared/flow/chat-inputs.ts";
import type { AddedToTurn } from "../../shared/flow/prepare-turn.ts";
import type { Prompty } from "../../shared/flow/prompty.ts";
import type { ChatMessage } from "../../shared/ports/chat-model.ts";
import { ChatError } from "./chat-error.ts";
import type { TurnRequest } from "./chat-protocol.ts";
import { checkToolResults } from "./check-tool-results.ts";

/**
 * What a client adds to a turn where the flow's prompt has tools: which of them it can run, which the model must call,
 * and what those that were called gave. The tools are the prompt's, as they were evaluated; a prompt without tools
 * takes none of it. Throws `ChatError` for a choice that the prompt does not offer, and results without calls.
 */
export function clientTools(
  prompt: Pick<Prompty, "parameters">,
  { tools, messages }: Pick<TurnRequest, "tools" | "messages">,
): AddedToTurn | undefined {
  const offered = offeredTools(prompt);
  if (offered.length === 0) return undefined;
  checkToolResults(messages);
  const { names, choice, parallel } = tools ?? { names: undefined, choice: undefined, parallel: undefined };
  const usable = names ? offered.filter(({ name }) => names.includes(name)) : offered;
  const parameters: Record<string, unknown> = {};
  if (usable.length < offered.length) {
    parameters["tools"] = usable.length > 0 ? usable.map(({ tool }) => tool) : undefined;
  }
  if (usable.length === 0) parameters["tool_choice"] = parameters["parallel_tool_calls"] = undefined;
  else {
    if (choice !== undefined) parameters["tool_choice"] = checkedChoice(choice, usable);
    if (parallel !== undefined) parameters["parallel_tool_calls"] = parallel;
  }
  return { messages: sinceQuestion(messages), parameters };
}

function offeredTools({ parameters }: Pick<Prompty, "parameters">): { name: string; tool: unknown }[] {
  const tools = Array.isArray(parameters.tools) ? (parameters.tools as unknown[]) : [];
  return tools.flatMap((tool) => {
    const name = (tool as { function?: { name?: unknown } }).function?.name;
    return typeof name === "string" ? [{ name, tool }] : [];
  });
}

function checkedChoice(choice: unknown, usable: readonly { name: string }[]): unknown {
  const name = (choice as { function?: { name?: unknown } } | null)?.function?.name;
  const known = usable.map((tool) => tool.name);
  if (typeof choice === "string" || (typeof name === "string" && known.includes(name))) return choice;
  throw new ChatError(
    400,
    "invalid_request_error",
    "invalid_tool_choice",
    `The flow's prompt has no such tool. It has: ${known.join(", ")}.`,
    "tool_choice",
  );
}

/** What was called, and what it gave, since the last question: it stands after the prompt, as it was said. */
function sinceQuestion(messages: readonly SpokenTurn[]): ChatMessage[] {
  const last = messages.findLastIndex(({ role }) => role === "user");
  return messages.slice(last + 1).flatMap((message): ChatMessage[] => {
    const { role, text, tool_calls: calls, tool_call_id: id, name } = message;
    if (role === "assistant" && calls?.length) {
      return [{ role, content: text, tool_calls: [...calls] }];
    }
    if (role !== "tool" && role !== "function") return [];
    return [{ role, content: text, ...(id && { tool_call_id: id }), ...(name && { name }) }];
  });
}
