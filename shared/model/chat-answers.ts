import type { TokenUsage } from "../ports/chat-model.ts";

/** A document that an answer could draw on. */
export interface Citation {
  id: string;
  title: string;
  /** The step that found it. */
  step: string;
}

/** `POST /api/chat/{flow}`: an answer of Microsoft's AI Chat Protocol. */
export interface AiChatAnswer {
  message: { role: "assistant"; content: string; context?: AiChatCalls };
  sessionState: AiChatState;
  context: AiChatContext & AiChatEnd;
}

/** A line of the answer to `POST /api/chat/{flow}/stream`; the last one's context is an end, or an error takes its place. */
export type AiChatLine =
  | {
      delta: { role?: "assistant"; content?: string; context?: AiChatCalls };
      sessionState?: AiChatState;
      context?: AiChatContext | AiChatEnd;
    }
  | { error: { code: string; message: string } };

/** Calls of tools, as OpenAI's protocol has them. */
interface AiChatCalls {
  toolCalls: readonly unknown[];
}

/** What a client sends back to go on with the conversation. */
export interface AiChatState {
  session: string;
}

/** What an answer is headed with; `version` as `flow@version`. */
export interface AiChatContext {
  turn: string;
  flow: string;
  version: string;
  citations: readonly Citation[];
}

export interface AiChatEnd {
  finishReason: string;
  usage?: TokenUsage;
}

/** `POST /v1/chat/completions`: an answer as OpenAI gives it. */
export interface ChatCompletion {
  id: string;
  object: "chat.completion";
  /** Seconds since 1970. */
  created: number;
  /** The flow. */
  model: string;
  /** The version, as `flow@version`. */
  system_fingerprint: string;
  choices: {
    index: number;
    message: {
      role: "assistant";
      content: string | null;
      refusal: null;
      tool_calls?: readonly unknown[];
      context?: { citations: readonly Citation[] };
    };
    logprobs: null;
    finish_reason: string;
  }[];
  usage?: CompletionUsage | undefined;
}

export interface CompletionUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}

/** `GET /v1/models`: the flows in production, as OpenAI lists models. */
export interface ModelList {
  object: "list";
  data: ListedModel[];
}

/** `GET /v1/models/{model}`. */
export interface ListedModel {
  id: string;
  object: "model";
  created: number;
  owned_by: string;
}
