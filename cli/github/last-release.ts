import { NotFoundError } from "../../shared/errors.ts";
import type { GitHubRequest } from "./github-request.ts";

/** On the check of a commit whose flows were taken to be released; a pull request's commits may end up beside it. */
export const RELEASE_CHECK = "flowgate-release";
/** So many commits are looked through. More runs in a row than that are neither cancelled nor fail unseen. */
const MOST_COMMITS = 30;

/**
 * The newest commit, from `before` back, whose flows the workflow took with success: what changed since is to be taken.
 * A run may have failed, and of runs that wait for one another GitHub keeps the newest alone and cancels the others.
 * Where there is none among the last commits: the oldest of these; undefined where GitHub knows `before` no more.
 */
export async function lastRelease(request: GitHubRequest, before: string): Promise<string | undefined> {
  const commits = await commitsUpTo(request, before);
  for (const sha of commits) {
    const response = await request({
      method: "GET",
      path: `/commits/${encodeURIComponent(sha)}/check-runs?check_name=Flowgate&per_page=100`,
      purpose: "look for the last release",
      permission: "checks: read",
      repeatable: true,
    });
    const { check_runs: runs = [] } = (await response.json()) as {
      check_runs?: { external_id?: string | null; conclusion: string | null }[];
    };
    const isTaken = runs.some(
      ({ external_id: id, conclusion }) => id === RELEASE_CHECK && conclusion === "success",
    );
    if (isTaken) return sha;
  }
  return commits.at(-1);
}

async function commitsUpTo(request: GitHubRequest, before: string): Promise<string[]> {
  try {
    const response = await request({
      method: "GET",
      path: `/commits?sha=${encodeURIComponent(before)}&per_page=${MOST_COMMITS}`,
      purpose: "list the commits",
      permission: "contents: read",
      repeatable: true,
    });
    return ((await response.json()) as { sha: string }[]).map(({ sha }) => sha);
  } catch (error) {
    // A forced push took it away.
    if (error instanceof NotFoundError) return [];
    throw error;
  }
}
