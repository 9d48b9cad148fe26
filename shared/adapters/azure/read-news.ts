import type OpenAI from "openai";
import type { ChatDelta, TokenUsage } from "../../ports/chat-model.ts";
import type { StreamNews } from "./completion-stream.ts";

/** What is to be shown of what came at once, and what is known after it: usage comes after the reason to end. */
export function readNews(
  news: readonly StreamNews[],
  before: ChatDelta,
): { deltas: ChatDelta[]; known: ChatDelta } {
  const deltas: ChatDelta[] = [];
  let known = before;
  let pieces: string[] = [];
  const show = (toolCalls?: readonly unknown[]): void => {
    if (pieces.length === 0 && !toolCalls) return;
    const several = pieces.length > 1 ? { pieces } : {};
    const shown = { text: pieces.join(""), ...several, ...(toolCalls && { toolCalls }) };
    deltas.push({ ...shown, finishReason: undefined, model: known.model, usage: undefined });
    pieces = [];
  };
  for (const item of news) {
    if (typeof item === "string") {
      if (item !== "") pieces.push(item);
      continue;
    }
    // Azure's first chunk has no choice.
    const choice = item.choices?.[0];
    const text = choice?.delta?.content;
    if (text) pieces.push(text);
    const toolCalls = choice?.delta?.tool_calls;
    known = {
      text: "",
      finishReason: choice?.finish_reason ?? known.finishReason,
      model: item.model || known.model,
      usage: usageOf(item.usage) ?? known.usage,
    };
    if (toolCalls && toolCalls.length > 0) show(toolCalls);
  }
  show();
  return { deltas, known };
}

export function usageOf(usage: OpenAI.CompletionUsage | null | undefined): TokenUsage | undefined {
  return usage ? { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } : undefined;
}
