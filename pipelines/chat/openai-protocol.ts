import type { ChatCompletion, Citation, CompletionUsage } from "../../shared/model/chat-answers.ts";
import type { TokenUsage } from "../../shared/ports/chat-model.ts";
import type { ChatProtocol, TurnFacts } from "./chat-protocol.ts";
import { readOpenaiRequest } from "./openai-request.ts";

/**
 * OpenAI's chat completions. What an answer draws on is told as Azure OpenAI tells it of its own data: the message's
 * `context` holds `citations`; in a stream, that of the first chunk.
 */
export const OPENAI_PROTOCOL: ChatProtocol = {
  contentType: "text/event-stream; charset=utf-8",
  read: readOpenaiRequest,
  answer(facts, { answer, toolCalls, finishReason, usage }, citations) {
    const calls = toolCalls === undefined ? {} : { tool_calls: toolCalls };
    const content = answer === "" && toolCalls !== undefined ? null : answer;
    return {
      ...identityOf(facts),
      object: "chat.completion",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content, refusal: null, ...calls, ...contextOf(citations) },
          logprobs: null,
          finish_reason: finishReason,
        },
      ],
      usage: usageBody(usage) ?? undefined,
    } satisfies ChatCompletion;
  },
  stream(facts, { includeUsage }) {
    // All chunks are the same but for their choices: only those are written anew.
    const head = JSON.stringify({ ...identityOf(facts), object: "chat.completion.chunk" }).slice(0, -1);
    const tail = includeUsage ? ',"usage":null}\n\n' : "}\n\n";
    const text = [
      `data: ${head},"choices":[{"index":0,"delta":{"content":`,
      `},"logprobs":null,"finish_reason":null}]${tail}`,
    ] as const;
    const chunk = (delta: object, finishReason: string | null): string =>
      `data: ${head},"choices":${JSON.stringify([{ index: 0, delta, logprobs: null, finish_reason: finishReason }])}${tail}`;
    return {
      begin: (citations) => chunk({ role: "assistant", content: "", ...contextOf(citations) }, null),
      delta({ text: whole, pieces = [whole], toolCalls }) {
        let written = "";
        if (whole !== "") for (const piece of pieces) written += text[0] + JSON.stringify(piece) + text[1];
        return toolCalls ? written + chunk({ tool_calls: toolCalls }, null) : written;
      },
      end(finishReason, usage) {
        const last = includeUsage
          ? `data: ${head},"choices":[],"usage":${JSON.stringify(usageBody(usage))}}\n\n`
          : "";
        return `${chunk({}, finishReason)}${last}data: [DONE]\n\n`;
      },
      fail: (error) => `data: ${JSON.stringify(error.body())}\n\n`,
    };
  },
  refusal: (error) => error.body(),
};

function identityOf({
  id,
  created,
  flow,
  version,
}: TurnFacts): Pick<ChatCompletion, "id" | "created" | "model" | "system_fingerprint"> {
  return { id: `chatcmpl-${id}`, created, model: flow, system_fingerprint: version };
}

function contextOf(citations: readonly Citation[]): { context?: { citations: readonly Citation[] } } {
  return citations.length === 0 ? {} : { context: { citations } };
}

function usageBody(usage: TokenUsage | undefined): CompletionUsage | null {
  if (!usage) return null;
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
