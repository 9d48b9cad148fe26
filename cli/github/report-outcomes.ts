import { appendFile } from "node:fs/promises";
import { messageOf } from "../../shared/errors.ts";
import type { GitHubSettings } from "../../shared/settings.ts";
import { commentBody, resultTitle } from "./comment-body.ts";
import type { FlowOutcome } from "./evaluate-flow.ts";
import { setCheck, writeComment } from "./github-api.ts";
import type { GitHubRequest } from "./github-request.ts";
import { RELEASE_CHECK } from "./last-release.ts";
import { SHOWN, worstOutcome } from "./shown-outcome.ts";
import type { WorkflowEvent } from "./workflow-event.ts";

/**
 * Says what came of the flows where people look: on the run's page, on the commit as the check `Flowgate`, and in a
 * pull request's one comment (which nothing but flows makes). Returns what could not be written, and why.
 */
export async function reportOutcomes(
  outcomes: readonly FlowOutcome[],
  { event, gone, platform }: { event: WorkflowEvent; gone: readonly string[]; platform: string },
  { request, settings }: { request: GitHubRequest; settings: GitHubSettings },
): Promise<string[]> {
  const { serverUrl, repository, runId, summaryFile } = settings;
  const runUrl = runId === undefined ? undefined : `${serverUrl}/${repository}/actions/runs/${runId}`;
  const body = commentBody(outcomes, { platform, runUrl, commit: event.commit, gone });
  const { conclusion } = SHOWN[worstOutcome(outcomes.map(({ outcome }) => outcome))];
  // What a newer change took the place of must not write over what that one says.
  const isCurrent = !outcomes.some(({ superseded }) => superseded);
  const writes = [
    summaryFile === undefined ? Promise.resolve() : appendFile(summaryFile, `${body}\n`),
    setCheck(request, {
      commit: event.commit,
      conclusion,
      title: resultTitle(outcomes),
      summary: body,
      url: runUrl,
      externalId: event.kind === "push" ? RELEASE_CHECK : undefined,
    }),
    event.kind === "pull request" && isCurrent
      ? writeComment(request, event.number, body, { create: outcomes.length + gone.length > 0 })
      : Promise.resolve(),
  ];
  const done = await Promise.allSettled(writes);
  return done.flatMap((one) => (one.status === "rejected" ? [messageOf(one.reason)] : []));
}
