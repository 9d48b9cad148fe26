/** A failure that no retry can mend, such as a malformed message. The queue moves it to poison at once. */
export class PermanentError extends Error {
  override readonly name: string = "PermanentError";
}

/** A failure that time may mend, such as a busy service. `afterMs` is the earliest useful moment. */
export class RetryLaterError extends Error {
  override readonly name: string = "RetryLaterError";
  readonly afterMs: number | undefined;
  constructor(message: string, options: { afterMs?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.afterMs = options.afterMs;
  }
}

/** Somebody else wrote first: the caller read an ETag that is no longer current. Read again and decide again. */
export class ConflictError extends Error {
  override readonly name: string = "ConflictError";
  /** What stands now, for whoever decided on something older. */
  readonly current: object | undefined;
  constructor(message: string, options: { current?: object; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.current = options.current;
  }
}

/** What was asked for does not exist. The message names what does. */
export class NotFoundError extends PermanentError {
  override readonly name: string = "NotFoundError";
}

/** Nobody is proven to call (401). */
export class UnauthenticatedError extends PermanentError {
  override readonly name: string = "UnauthenticatedError";
}

/** Who calls may not do this (403). */
export class ForbiddenError extends PermanentError {
  override readonly name: string = "ForbiddenError";
}

/** A service refuses the process's own identity: a role is missing, or is meant to be. */
export class ServiceDeniedError extends PermanentError {
  override readonly name: string = "ServiceDeniedError";
}

/** A setting of the environment is missing or malformed. The message names the variable and the fix. */
export class SettingsError extends PermanentError {
  override readonly name: string = "SettingsError";
}

/** A model call that ended without an answer. `kind` says what a row or a client should be told. */
export class ModelError extends Error {
  override readonly name: string = "ModelError";
  readonly kind: ModelErrorKind;
  readonly retryable: boolean;
  readonly status: number | undefined;
  /** The earliest useful moment, where the service says so. */
  readonly retryAfterMs: number | undefined;
  constructor(
    message: string,
    options: { kind: ModelErrorKind; status?: number; retryAfterMs?: number | undefined; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
    this.kind = options.kind;
    this.status = options.status;
    this.retryable = RETRYABLE.has(options.kind);
  }
}

export type ModelErrorKind =
  | "throttled" // 429 that a wait mends
  | "quota" // 429 or 403 that no wait mends
  | "unavailable" // 5xx, connection reset
  | "timeout"
  | "content_filter" // the service refused the prompt or the answer
  | "context_length"
  | "empty" // 200 with nothing in it
  | "cut" // 200 with an answer that ends at its token limit
  | "aborted" // the caller left
  | "invalid"; // 4xx of our own making

const RETRYABLE: ReadonlySet<ModelErrorKind> = new Set(["throttled", "unavailable", "timeout"]);

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
