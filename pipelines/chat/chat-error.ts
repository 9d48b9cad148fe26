import { ModelError, type ModelErrorKind } from "../../shared/errors.ts";

/** A refusal of the chat endpoint in OpenAI's shape: `status` and the body's `error`. */
export class ChatError extends Error {
  override readonly name: string = "ChatError";
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly param: string | null;
  constructor(status: number, type: string, code: string, message: string, param: string | null = null) {
    super(message);
    this.status = status;
    this.type = type;
    this.code = code;
    this.param = param;
  }

  body(): { error: { message: string; type: string; code: string; param: string | null } } {
    return { error: { message: this.message, type: this.type, code: this.code, param: this.param } };
  }
}

/** What a client is told of any failure. The causes of unexpected ones go to telemetry, not to clients. */
export function chatErrorOf(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  if (error instanceof ModelError) return ofModelError(error.kind);
  return new ChatError(500, "server_error", "internal_error", "The flow could not answer. Try again.");
}

function ofModelError(kind: ModelErrorKind): ChatError {
  switch (kind) {
    case "content_filter":
      return new ChatError(
        400,
        "invalid_request_error",
        "content_filter",
        "The model's content filter refused this request.",
      );
    case "context_length":
      return new ChatError(
        400,
        "invalid_request_error",
        "context_length_exceeded",
        "The conversation is longer than the model can read. Start a new one.",
      );
    case "throttled":
      return new ChatError(
        429,
        "rate_limit_error",
        "rate_limit_exceeded",
        "The model is busy. Try again shortly.",
      );
    case "quota":
      return new ChatError(503, "server_error", "insufficient_quota", "The model's quota is used up.");
    case "timeout":
      return new ChatError(504, "server_error", "timeout", "The model did not answer in time. Try again.");
    case "aborted":
      return new ChatError(499, "server_error", "client_closed_request", "The client left.");
    case "unavailable":
    case "empty":
    case "invalid":
      return new ChatError(
        502,
        "server_error",
        "model_unavailable",
        "The model could not answer. Try again.",
      );
  }
}
