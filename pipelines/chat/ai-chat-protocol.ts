import type {
  AiChatAnswer,
  AiChatContext,
  AiChatEnd,
  AiChatLine,
  AiChatState,
  Citation,
} from "../../shared/model/chat-answers.ts";
import type { TokenUsage } from "../../shared/ports/chat-model.ts";
import { readAiChatRequest } from "./ai-chat-request.ts";
import type { ChatError } from "./chat-error.ts";
import type { ChatProtocol, TurnFacts } from "./chat-protocol.ts";

/**
 * Microsoft's AI Chat Protocol: one JSON object, or one a line. `context` holds the version and the citations, in a
 * stream that of the first line; the last line's holds the reason to end and the tokens.
 */
export const AI_CHAT_PROTOCOL: ChatProtocol = {
  contentType: "application/x-ndjson",
  read: readAiChatRequest,
  answer(facts, { answer, toolCalls, finishReason, usage }, citations) {
    const calls = toolCalls === undefined ? {} : { context: { toolCalls } };
    return {
      message: { role: "assistant", content: answer, ...calls },
      sessionState: stateOf(facts),
      context: { ...contextOf(facts, citations), ...endOf(finishReason, usage) },
    } satisfies AiChatAnswer;
  },
  stream(facts) {
    const line = (value: AiChatLine): string => `${JSON.stringify(value)}\n`;
    return {
      begin: (citations) =>
        line({
          delta: { role: "assistant" },
          context: contextOf(facts, citations),
          sessionState: stateOf(facts),
        }),
      delta({ text, pieces = [text], toolCalls }) {
        let written = "";
        if (text !== "") {
          for (const piece of pieces) written += `{"delta":{"content":${JSON.stringify(piece)}}}\n`;
        }
        return toolCalls ? written + line({ delta: { context: { toolCalls } } }) : written;
      },
      end: (finishReason, usage) => line({ delta: {}, context: endOf(finishReason, usage) }),
      fail: (error) => line(refusalOf(error)),
    };
  },
  refusal: refusalOf,
};

function refusalOf({ code, message }: ChatError): { error: { code: string; message: string } } {
  return { error: { code, message } };
}

function stateOf({ session }: TurnFacts): AiChatState {
  return { session };
}

function contextOf({ id, flow, version }: TurnFacts, citations: readonly Citation[]): AiChatContext {
  return { turn: id, flow, version, citations };
}

function endOf(finishReason: string, usage: TokenUsage | undefined): AiChatEnd {
  return { finishReason, ...(usage && { usage }) };
}
