import {
  ForbiddenError,
  ModelError,
  type ModelErrorKind,
  RetryLaterError,
  UnauthenticatedError,
} from "../../shared/errors.ts";
import type { ChatErrorBody } from "../../shared/model/status.ts";

/** A refusal of the chat endpoint in OpenAI's shape: `status` and the body's `error`. */
export class ChatError extends Error {
  override readonly name: string = "ChatError";
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly param: string | null;
  /** When trying again makes sense, where that is known: the header `retry-after`. */
  readonly retryAfterSeconds: number | undefined;
  /** The version that was to answer, and the session; undefined where it was refused before one was picked. */
  served: { version: string; session: string } | undefined;
  constructor(
    status: number,
    type: string,
    code: string,
    message: string,
    param: string | null = null,
    retryAfterSeconds?: number,
  ) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
    this.status = status;
    this.type = type;
    this.code = code;
    this.param = param;
  }

  body(): ChatErrorBody {
    return { error: { message: this.message, type: this.type, code: this.code, param: this.param } };
  }
}

/** The refusal of a flow that does not serve, naming those that do. */
export function unknownFlow(flow: string, known: readonly string[]): ChatError {
  const hint = known.length === 0 ? "No flow is in production yet." : `In production: ${known.join(", ")}.`;
  return new ChatError(
    404,
    "invalid_request_error",
    "model_not_found",
    `There is no flow "${flow.slice(0, 64)}" in production. ${hint}`,
    "model",
  );
}

export function stoppedFlow(flow: string): ChatError {
  const message = `${flow} is switched off for now. Try again later.`;
  return new ChatError(503, "server_error", "flow_stopped", message, "model");
}

/** What a client is told of any failure. What it was, its `cause`, is for the log and not for clients. */
export function chatErrorOf(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  if (error instanceof UnauthenticatedError) {
    return new ChatError(401, "authentication_error", "invalid_api_key", error.message);
  }
  if (error instanceof ForbiddenError) {
    return new ChatError(403, "permission_error", "insufficient_permissions", error.message);
  }
  if (error instanceof RetryLaterError) {
    const wait = secondsOf(error.afterMs);
    return new ChatError(503, "server_error", "unavailable", error.message, null, wait);
  }
  const [status, type, code, message] = error instanceof ModelError ? REFUSALS[error.kind] : UNEXPECTED;
  const wait = error instanceof ModelError && error.retryable ? secondsOf(error.retryAfterMs) : undefined;
  const refusal = new ChatError(status, type, code, message, null, wait);
  refusal.cause = error;
  return refusal;
}

function secondsOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.max(1, Math.ceil(ms / 1000));
}

type Refusal = [status: number, type: string, code: string, message: string];

const UNEXPECTED: Refusal = [500, "server_error", "internal_error", "The flow could not answer. Try again."];
const NO_ANSWER: Refusal = [
  502,
  "server_error",
  "model_unavailable",
  "The model could not answer. Try again.",
];

const REFUSALS: Record<ModelErrorKind, Refusal> = {
  content_filter: [
    400,
    "invalid_request_error",
    "content_filter",
    "The model's content filter refused this request.",
  ],
  context_length: [
    400,
    "invalid_request_error",
    "context_length_exceeded",
    "The conversation is longer than the model can read. Start a new one.",
  ],
  throttled: [429, "rate_limit_error", "rate_limit_exceeded", "The model is busy. Try again shortly."],
  quota: [503, "server_error", "insufficient_quota", "The model's quota is used up."],
  timeout: [504, "server_error", "timeout", "The model did not answer in time. Try again."],
  aborted: [499, "server_error", "client_closed_request", "The client left."],
  unavailable: NO_ANSWER,
  empty: NO_ANSWER,
  // No status that clients try again by themselves: each try would be paid for, and be cut again.
  cut: [
    422,
    "invalid_request_error",
    "answer_cut",
    "The answer was longer than the flow lets the model write. Ask for less at once.",
  ],
  invalid: NO_ANSWER,
};
