import type { ChatMessage, TokenUsage } from "../ports/chat-model.ts";
import type { GuardrailHit } from "./guardrails.ts";

/** A line of the answer to `POST /api/flows/{flow}/versions/{version}/try`, in the order they come. */
export type TriedTurnEvent =
  | {
      type: "prepared";
      /** What the model is sent. */
      messages: ChatMessage[];
      /** What the steps found. */
      documents: TriedDocument[];
    }
  | { type: "delta"; text: string }
  | {
      type: "end";
      finishReason: string;
      /** As the service named it; undefined where nothing was asked. */
      model: string | undefined;
      usage: TokenUsage | undefined;
      /** US dollars, steps included; undefined where a price is not known. */
      cost: number | undefined;
      durationMs: number;
      firstTokenMs: number | undefined;
      /** The guardrail that answered in the model's place. */
      blocked: GuardrailHit | undefined;
    }
  | { type: "error"; code: string; message: string };

export interface TriedDocument {
  id: string;
  title: string;
  /** The step that found it. */
  step: string;
  text: string;
}

/** `GET /api/flows/{flow}/versions/{version}/inputs`: what a version is asked with. */
export interface VersionInputs {
  /** The names under which it takes the question, and what was said before. */
  question: string;
  histories: string[];
  /** What it takes beside them. */
  inputs: AskedInput[];
}

export interface AskedInput {
  name: string;
  /** string, integer, float, boolean, array, object, ... */
  type: string;
  /** Whether a turn without it is refused. */
  required: boolean;
  /** Texts, as a client would send them: of a list or an object its JSON. */
  default: string | undefined;
  /** What the prompt's author tried it with. */
  sample: string | undefined;
  /** The only values it takes; undefined: any. */
  choices: string[] | undefined;
}
