import { NotFoundError, RetryLaterError } from "../../shared/errors.ts";
import type { GitHubRequest } from "./github-request.ts";

/** What stands on a commit beside its other checks. */
export interface CommitCheck {
  commit: string;
  conclusion: "success" | "failure" | "action_required";
  title: string;
  summary: string;
  url?: string | undefined;
  /** Tells checks of one name apart. */
  externalId?: string | undefined;
}

interface IssueComment {
  id: number;
  body?: string | null;
  user: { type: string } | null;
}

/** Begins the comment that is this command's own. */
export const MARKER = "<!-- flowgate -->";
/** GitHub lists no more files of a comparison than these. */
const MOST_FILES = 300;
const COMMENT_TRIES = 3;

/** The files that differ between two commits, with the former names of renamed ones; undefined where GitHub cannot say. */
export async function filesBetween(
  request: GitHubRequest,
  base: string,
  head: string,
): Promise<string[] | undefined> {
  try {
    const response = await request({
      method: "GET",
      path: `/compare/${encodeURIComponent(base)}...${encodeURIComponent(head)}`,
      purpose: "compare the commits",
      permission: "contents: read",
      repeatable: true,
    });
    const { files = [] } = (await response.json()) as {
      files?: { filename: string; previous_filename?: string }[];
    };
    if (files.length >= MOST_FILES) return undefined;
    return files.flatMap(({ filename, previous_filename: former }) =>
      former === undefined ? [filename] : [filename, former],
    );
  } catch (error) {
    // The commit before a forced push is gone.
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/**
 * Writes the pull request's one comment: the first of a bot that begins with the marker is replaced; where there is
 * none, one is made, unless `create` says no. `body` begins with the marker.
 */
export async function writeComment(
  request: GitHubRequest,
  pullRequest: number,
  body: string,
  { create }: { create: boolean },
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const own = await findOwnComment(request, pullRequest);
    if (own === undefined && !create) return;
    const purpose = "comment on the pull request";
    const permission = "pull-requests: write";
    try {
      await (own === undefined
        ? request({
            method: "POST",
            path: `/issues/${pullRequest}/comments`,
            body: { body },
            purpose,
            permission,
            // Whether it was made is looked up first: else there could be two.
            repeatable: false,
          })
        : request({
            method: "PATCH",
            path: `/issues/comments/${own}`,
            body: { body },
            purpose,
            permission,
            repeatable: true,
          }));
      return;
    } catch (error) {
      if (!(error instanceof RetryLaterError) || attempt === COMMENT_TRIES) throw error;
    }
  }
}

async function findOwnComment(request: GitHubRequest, pullRequest: number): Promise<number | undefined> {
  let path: string | undefined = `/issues/${pullRequest}/comments?per_page=100`;
  while (path !== undefined) {
    const response: Response = await request({
      method: "GET",
      path,
      purpose: "read the pull request's comments",
      permission: "pull-requests: read",
      repeatable: true,
    });
    const comments = (await response.json()) as IssueComment[];
    // Anybody can write the marker; only bots write as workflows do.
    const own = comments.find(({ body, user }) => user?.type === "Bot" && body?.startsWith(MARKER));
    if (own) return own.id;
    path = nextPage(response);
  }
  return undefined;
}

/** The token goes nowhere else than where it came to. */
function nextPage({ headers, url }: Response): string | undefined {
  const next = /<([^>]+)>;\s*rel="next"/.exec(headers.get("link") ?? "")?.[1];
  return next !== undefined && new URL(next).origin === new URL(url).origin ? next : undefined;
}

/** Sets the check `Flowgate` of a commit. */
export async function setCheck(request: GitHubRequest, check: CommitCheck): Promise<void> {
  await request({
    method: "POST",
    path: "/check-runs",
    body: {
      name: "Flowgate",
      head_sha: check.commit,
      status: "completed",
      conclusion: check.conclusion,
      ...(check.externalId !== undefined && { external_id: check.externalId }),
      ...(check.url !== undefined && { details_url: check.url }),
      output: { title: check.title, summary: check.summary },
    },
    purpose: "set the commit's check",
    permission: "checks: write",
    // Of two with the same name the newer one counts.
    repeatable: true,
  });
}
