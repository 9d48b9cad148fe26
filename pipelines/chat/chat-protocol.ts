import type { Turn } from "../../shared/flow/answer-turn.ts";
import type { SpokenTurn } from "../../shared/flow/chat-inputs.ts";
import type { Citation } from "../../shared/model/chat-answers.ts";
import type { ChatDelta, TokenUsage } from "../../shared/ports/chat-model.ts";
import type { ChatError } from "./chat-error.ts";

/** What is asked, whatever protocol carried it. */
export interface TurnRequest {
  flow: string;
  messages: SpokenTurn[];
  /** Inputs of the flow beside the conversation. */
  inputs: Readonly<Record<string, string>>;
  /** The field of the request that holds them, for messages. */
  inputsField: string;
  /** As the client names it; undefined where it does not. */
  session: string | undefined;
  /** The field of the request that names it, for messages. */
  sessionField: string;
  streamed: boolean;
  /** The client wants a streamed answer to end with its tokens. */
  includeUsage?: boolean;
  /** What the client says of tools; `toolChoice` as OpenAI's protocol has it. */
  tools?: { names: readonly string[] | undefined; choice: unknown; parallel: boolean | undefined };
}

/** What an answer is headed with. */
export interface TurnFacts {
  /** A name of this turn alone. */
  id: string;
  /** Seconds since 1970. */
  created: number;
  flow: string;
  /** As `flow@version`. */
  version: string;
  session: string;
}

/** The texts of a streamed answer, in the order they are asked for; `fail` may come at any time, as the last. */
export interface StreamFormat {
  begin(citations: readonly Citation[]): string;
  delta(delta: ChatDelta): string;
  end(finishReason: string, usage: TokenUsage | undefined): string;
  fail(error: ChatError): string;
}

/** How clients of one kind ask and are answered. */
export interface ChatProtocol {
  /** Of streamed answers. */
  contentType: string;
  /** Throws `ChatError` naming what does not fit. `path`: what the address says. */
  read(body: unknown, path: { flow: string | undefined; streamed: boolean }): TurnRequest;
  answer(facts: TurnFacts, turn: Turn, citations: readonly Citation[]): object;
  stream(facts: TurnFacts, request: TurnRequest): StreamFormat;
  refusal(error: ChatError): object;
}
