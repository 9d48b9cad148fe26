import { setTimeout as wait } from "node:timers/promises";
import {
  messageOf,
  NotFoundError,
  PermanentError,
  RetryLaterError,
  ServiceDeniedError,
} from "../../errors.ts";

const MAX_ATTEMPTS = 5;
const FIRST_DELAY_MS = 200;
const MAX_DELAY_MS = 5_000;
const TRY_TIMEOUT_MS = 30_000;
const TRANSIENT_STATUS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
const TRANSIENT_CODE: ReadonlySet<string> = new Set(["ContainerBeingDeleted", "QueueBeingDeleted"]);

/** What the Azure SDKs throw, as far as a decision needs it. */
interface ServiceFailure {
  statusCode: number | undefined;
  code: string | undefined;
}

/**
 * Calls an Azure service, and again after a jittered wait where the failure may pass: five times at most, about
 * three seconds of waiting in all. The SDKs' own retries stay off, because a write must know that it is a retry: its
 * first reply may have been lost after it took effect. `attempt` starts at 1; `signal` ends a try that hangs.
 * Throws `RetryLaterError` when that was not enough, else what `settledError` makes of the failure.
 */
export async function retryCall<T>(
  what: string,
  call: (attempt: number, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(attempt, AbortSignal.timeout(TRY_TIMEOUT_MS));
    } catch (error) {
      if (!isTransient(error)) throw settledError(what, error);
      const afterMs = retryAfterMs(error);
      if (attempt === MAX_ATTEMPTS || (afterMs ?? 0) > MAX_DELAY_MS) {
        const message = `${what} failed ${attempt} times: ${messageOf(error)}`;
        throw new RetryLaterError(
          message,
          afterMs === undefined ? { cause: error } : { cause: error, afterMs },
        );
      }
      const ceiling = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), MAX_DELAY_MS);
      await wait((afterMs ?? 0) + Math.random() * ceiling);
    }
  }
}

/** Status and error code of what an Azure SDK threw. */
export function failureOf(error: unknown): ServiceFailure {
  const { statusCode, code } = (error ?? {}) as { statusCode?: unknown; code?: unknown };
  return {
    statusCode: typeof statusCode === "number" ? statusCode : undefined,
    code: typeof code === "string" ? code : undefined,
  };
}

function isTransient(error: unknown): boolean {
  const { statusCode, code } = failureOf(error);
  if (statusCode !== undefined) return TRANSIENT_STATUS.has(statusCode) || TRANSIENT_CODE.has(code ?? "");
  // Without a status the reply never came: a connection that failed, broke, or outlived its time.
  const name = error instanceof Error ? error.name : "";
  return (
    name === "AbortError" || name === "TimeoutError" || /^(E[A-Z]+|REQUEST_SEND_ERROR)$/.test(code ?? "")
  );
}

function retryAfterMs(error: unknown): number | undefined {
  const headers = (error as { response?: { headers?: { get(name: string): string | undefined } } }).response
    ?.headers;
  const milliseconds = Number(
    headers?.get("retry-after-ms") ?? headers?.get("x-ms-retry-after-ms") ?? Number.NaN,
  );
  if (Number.isFinite(milliseconds)) return milliseconds;
  const seconds = Number(headers?.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

/** A failure that no wait mends, in words that name the fix. Errors of our own pass through. */
function settledError(what: string, error: unknown): Error {
  const { statusCode, code } = failureOf(error);
  if (statusCode === undefined) return error instanceof Error ? error : new Error(String(error));
  if (code === "ContainerNotFound" || code === "QueueNotFound") {
    return new NotFoundError(`${what}: it does not exist. \`flowgate doctor\` creates what is missing.`);
  }
  if (statusCode === 401 || statusCode === 403) {
    return new ServiceDeniedError(
      `${what} was refused (${code ?? statusCode}). Check the connection string, or give the app's identity the data ` +
        "roles that infra/ assigns.",
      { cause: error },
    );
  }
  return new PermanentError(`${what} failed with ${statusCode} ${code ?? ""}: ${messageOf(error)}`, {
    cause: error,
  });
}
