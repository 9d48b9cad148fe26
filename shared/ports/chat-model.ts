/** One message as the OpenAI-compatible protocols carry it. */
export interface ChatMessage {
  role: "system" | "user" | "assistant" | "developer" | "function" | "tool";
  content: string | ContentPart[];
  name?: string;
  tool_call_id?: string;
  tool_calls?: unknown[];
}

export type ContentPart =
  | { type: "text"; text: string }
  | { type: "image_url"; image_url: { url: string; detail?: "auto" | "low" | "high" } }
  | { type: "input_audio"; input_audio: { data: string; format: string } }
  | { type: "file"; file: { url: string } };

export interface ChatRequest {
  /** The model or deployment; undefined: the one of the settings. */
  model: string | undefined;
  messages: ChatMessage[];
  /** temperature, max_tokens, top_p, seed, response_format, tools, ...: passed on as they are. */
  parameters: Record<string, unknown>;
}

export interface TokenUsage {
  inputTokens: number;
  outputTokens: number;
}

export interface ChatAnswer {
  text: string;
  /** As the protocol carries them; absent where the model called no tool. */
  toolCalls?: readonly unknown[] | undefined;
  finishReason: string;
  /** As the service named it. */
  model: string;
  usage: TokenUsage | undefined;
  latencyMs: number;
}

/** What came at once of a streamed answer. The last one carries `finishReason`, and `usage` where the service sends it. */
export interface ChatDelta {
  text: string;
  /** The text as the service cut it, where several pieces came at once. */
  pieces?: readonly string[] | undefined;
  /** Pieces of tool calls as the protocol carries them: each with the `index` of the call that it belongs to. */
  toolCalls?: readonly unknown[] | undefined;
  finishReason: string | undefined;
  model: string;
  usage: TokenUsage | undefined;
}

/** A call that was made: one that the service was paid for, whether or not its answer was of use, or that failed. */
export interface SpentCall {
  /** Absent: a chat call that the service answered, or would have, had nobody left. */
  kind?: "embedding" | "failed";
  /** As the service named it. */
  model: string;
  /** Undefined where the service does not say. */
  usage: TokenUsage | undefined;
  /** The service does not say, or did not get to, as a stream was left or broke: guessed by the letters. */
  estimated?: true;
}

/** What a call is for: named in telemetry, and what the limiter and the budgets go by. */
export interface CallContext {
  flow: string;
  version: string | undefined;
  /** `try`: a person tries a version; nobody's traffic. */
  purpose: "answer" | "judge" | "chat" | "step" | "try";
  /** Somebody waits for it, as for a step of a chat: it goes before evaluations and gives up sooner. */
  interactive?: boolean | undefined;
  /** Among calls that nobody waits for, the lower goes first: a row's place in its run, so that early rows end first. */
  order?: number | undefined;
  conversationId?: string | undefined;
  /** Told how long the call waited for a place among ours: a delay of the load, not of the service. */
  onWait?: ((ms: number) => void) | undefined;
  /**
   * Told of every call that was made: of the answer, of the flow's steps and of judges alike, as all of them are
   * made in a context that is derived from the one of the turn. It must not throw.
   */
  onUsage?: ((call: SpentCall) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** Aborted once nobody needs the call: it is then not begun, nor repeated. One under way ends as it would. */
  unneeded?: AbortSignal | undefined;
}

/** A language model. Throws `ModelError`; throttling and transient failures were retried inside before that. */
export interface ChatModel {
  complete(request: ChatRequest, context: CallContext): Promise<ChatAnswer>;
  /** Ends the call when the consumer stops iterating or the signal aborts. */
  stream(request: ChatRequest, context: CallContext): AsyncIterable<ChatDelta>;
}

export interface EmbeddingModel {
  /** The name that identifies the vectors: those of two names are never compared. */
  readonly name: string;
  /** One vector per text, in order, each of length 1 (L2). */
  embed(texts: string[], context: CallContext): Promise<Float32Array[]>;
}
