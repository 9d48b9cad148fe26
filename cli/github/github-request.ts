import { createSystemClock } from "../../shared/adapters/system-clock.ts";
import { retryAfterOf } from "../../shared/adapters/retry-after.ts";
import { messageOf, NotFoundError, PermanentError, RetryLaterError } from "../../shared/errors.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { GitHubSettings } from "../../shared/settings.ts";

export interface GitHubCall {
  method: "GET" | "POST" | "PATCH";
  /** Below `/repos/<owner>/<name>`, or the whole address of a further page. */
  path: string;
  body?: object;
  /** What the call does, for errors: `comment on the pull request`. */
  purpose: string;
  /** The permission of the workflow that it takes: `pull-requests: write`. */
  permission: string;
  /** Whether it may be sent again where nobody knows if it was done. */
  repeatable: boolean;
}

/** Sends a call and returns GitHub's answer. */
export type GitHubRequest = (call: GitHubCall) => Promise<Response>;

const TRIES = 4;
const TIMEOUT_MS = 30_000;
/** A job that only waits costs its minutes. */
const LONGEST_WAIT_MS = 5 * 60_000;
const UNNAMED_WAIT_MS = 60_000;

/**
 * GitHub's REST API for one repository. Waits where a rate limit asks for at most five minutes, and sends again after
 * 5xx what may be sent again. Throws `NotFoundError`, `RetryLaterError` where GitHub does not answer or is busy for
 * longer, `PermanentError` naming the token or the permission that is missing.
 */
export function createGitHubRequest(
  settings: Pick<GitHubSettings, "apiUrl" | "repository" | "token">,
  signal: AbortSignal,
  clock: Clock = createSystemClock(),
): GitHubRequest {
  const { apiUrl, repository, token } = settings;
  if (token === undefined) {
    throw new PermanentError(
      "The step has no GITHUB_TOKEN. Give it one: `env: { GITHUB_TOKEN: ${{ github.token }} }`.",
    );
  }

  async function send({ method, path, body, purpose }: GitHubCall): Promise<Response> {
    const url = path.startsWith("/") ? `${apiUrl}/repos/${repository}${path}` : path;
    try {
      return await fetch(url, {
        method,
        headers: {
          accept: "application/vnd.github+json",
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "user-agent": "flowgate",
          "x-github-api-version": "2022-11-28",
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
    } catch (error) {
      signal.throwIfAborted();
      const reason = error instanceof Error && error.cause ? messageOf(error.cause) : messageOf(error);
      throw new RetryLaterError(`GitHub could not be reached to ${purpose}: ${reason}`, { cause: error });
    }
  }

  return async function request(call) {
    for (let attempt = 1; ; attempt += 1) {
      let wait = 1000 * 2 ** attempt;
      try {
        const response = await send(call);
        if (response.ok) return response;
        const text = await response.text();
        const limitedFor = rateLimitOf(response, text, clock);
        if (limitedFor === undefined && response.status < 500) throw refusal(response, text, call);
        if (limitedFor !== undefined && (limitedFor > LONGEST_WAIT_MS || attempt === TRIES)) {
          const until = new Date(clock.now().getTime() + limitedFor).toISOString().slice(0, 16);
          throw new PermanentError(
            `GitHub's rate limit is used up until ${until}Z: could not ${call.purpose}. Run the job again then.`,
          );
        }
        if (limitedFor === undefined && (!call.repeatable || attempt === TRIES)) {
          throw new RetryLaterError(`GitHub answers ${response.status}: could not ${call.purpose}.`);
        }
        wait = limitedFor ?? wait;
      } catch (error) {
        const unreached = error instanceof RetryLaterError && call.repeatable && attempt < TRIES;
        if (!unreached) throw error;
      }
      await clock.sleep(wait, signal);
    }
  };
}

/** For how long, in ms, GitHub asks to be left alone; undefined where the refusal has another reason. */
function rateLimitOf({ status, headers }: Response, text: string, clock: Clock): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const after = retryAfterOf({ headers }, clock);
  if (after !== undefined) return after;
  if (headers.get("x-ratelimit-remaining") === "0") {
    const reset = Number(headers.get("x-ratelimit-reset")) * 1000 - clock.now().getTime();
    return Math.max(1000, reset);
  }
  return status === 429 || /rate limit/i.test(text) ? UNNAMED_WAIT_MS : undefined;
}

function refusal(response: Response, text: string, { purpose, permission }: GitHubCall): Error {
  const { status, headers } = response;
  const said = saidIn(text);
  switch (status) {
    case 401:
      return new PermanentError(
        `GitHub refuses the token (${said}): could not ${purpose}. Give the step GITHUB_TOKEN: \${{ github.token }}.`,
      );
    case 403: {
      const accepted = headers.get("x-accepted-github-permissions");
      const also = accepted === null ? "" : ` (GitHub accepts ${accepted})`;
      return new PermanentError(
        `GitHub does not let the workflow ${purpose} (${said}). Add \`${permission}\` to the job's permissions${also}.`,
      );
    }
    case 404:
      return new NotFoundError(
        `GitHub finds nothing to ${purpose} (${said}). In a private repository the job may lack \`${permission}\`.`,
      );
    default:
      return new PermanentError(`GitHub answers ${status} (${said}): could not ${purpose}.`);
  }
}

function saidIn(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === "string") return message;
  } catch {
    // No JSON: a proxy's page, which says nothing.
  }
  return "without a reason";
}
