import { modelPackages } from "../load-later.ts";
import { messageOf, ModelError, type ModelErrorKind } from "../../errors.ts";
import { retryAfterOf } from "../retry-after.ts";

const QUOTA_CODES: ReadonlySet<string> = new Set([
  "insufficient_quota",
  "billing_hard_limit_reached",
  "billing_not_active",
  "quota_exceeded",
  "QuotaExceeded",
]);
const CONTEXT_CODES: ReadonlySet<string> = new Set(["context_length_exceeded", "string_above_max_length"]);
const FILTER_CODES: ReadonlySet<string> = new Set([
  "content_filter",
  "content_policy_violation",
  "ResponsibleAIPolicyViolation",
]);
const TIMEOUT_CODES: ReadonlySet<string> = new Set([
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "ETIMEDOUT",
]);

/** What the `openai` client threw, as a `ModelError`: by type, status and error code, never by its words. */
export function modelErrorOf(error: unknown, signal: AbortSignal | undefined): ModelError {
  if (error instanceof ModelError) return error;
  if (signal?.aborted || error instanceof modelPackages().OpenAI.APIUserAbortError) {
    return new ModelError("The caller left before the model had answered.", {
      kind: "aborted",
      cause: error,
    });
  }
  const status = error instanceof modelPackages().OpenAI.APIError ? error.status : undefined;
  const kind = kindOf(error, status);
  const said = kind === "timeout" ? "The model did not answer in time." : wordsOf(error);
  const message =
    status === 401 || status === 403 ? `${said} Check the model's key or the app's role.` : said;
  return new ModelError(message, {
    kind,
    retryAfterMs: retryAfterOf(error, { now: () => new Date() }),
    cause: error,
    ...(status === undefined ? {} : { status }),
  });
}

/** The client's words; of a connection that failed also the address and why, which stand in its causes. */
function wordsOf(error: unknown): string {
  if (!(error instanceof modelPackages().OpenAI.APIConnectionError)) return messageOf(error);
  let cause: unknown = error;
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause;
  return `The model cannot be reached: ${messageOf(cause)}.`;
}

function kindOf(error: unknown, status: number | undefined): ModelErrorKind {
  if (error instanceof modelPackages().OpenAI.APIConnectionTimeoutError) return "timeout";
  const codes = codesOf(error);
  const any = (known: ReadonlySet<string>) => codes.some((code) => known.has(code));
  if (any(FILTER_CODES)) return "content_filter";
  if (any(CONTEXT_CODES)) return "context_length";
  if (any(QUOTA_CODES)) return "quota";
  if (status === 408 || any(TIMEOUT_CODES)) return "timeout";
  if (status === 429 || codes.includes("rate_limit_exceeded")) return "throttled";
  // 409 is a lock the service asks its clients to wait for; no status is a connection that broke.
  if (status === undefined || status === 409 || status >= 500) return "unavailable";
  return "invalid";
}

/** The error's own code, Azure's inner code, and those of what caused it. */
function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let cause: unknown = error, depth = 0; cause && depth < 4; depth += 1) {
    const { code, type, error: body, cause: next } = cause as Record<string, unknown>;
    const inner = (body as { innererror?: { code?: unknown } } | undefined)?.innererror?.code;
    for (const value of [code, type, inner]) if (typeof value === "string") codes.push(value);
    cause = next;
  }
  return codes;
}
