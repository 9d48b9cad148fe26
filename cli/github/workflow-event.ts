import { readFile } from "node:fs/promises";
import * as z from "zod";
import type { GitHubSettings } from "../../shared/settings.ts";
import { CommandError } from "../command-error.ts";

/** What made the workflow run. */
export type WorkflowEvent =
  | {
      kind: "pull request";
      number: number;
      title: string;
      author: string;
      branch: string;
      /** The newest commit of the pull request; the one checked out is its merge with the base. */
      commit: string;
      base: string;
      /** Whose workflow is given neither an identity nor a token that may write. */
      isForeign: boolean;
    }
  | { kind: "push"; before: string | undefined; commit: string; branch: string }
  /** What a merge queue would merge next. */
  | { kind: "merge group"; commit: string };

const pullRequestSchema = z.object({
  pull_request: z.object({
    number: z.number().int().positive(),
    title: z.string(),
    user: z.object({ login: z.string() }),
    head: z.object({
      sha: z.string(),
      ref: z.string(),
      // Null where the fork was deleted.
      repo: z.object({ full_name: z.string() }).nullable(),
    }),
    base: z.object({ sha: z.string() }),
  }),
});
const mergeGroupSchema = z.object({ merge_group: z.object({ head_sha: z.string() }) });
const pushSchema = z.object({ before: z.string(), after: z.string(), ref: z.string() });

/** Reads the event of the workflow. Throws `CommandError` for one that brings no change. */
export async function readWorkflowEvent(settings: GitHubSettings): Promise<WorkflowEvent> {
  const event: unknown = JSON.parse(await readFile(settings.eventFile, "utf8"));
  if (settings.event === "pull_request") {
    const { pull_request: pull } = pullRequestSchema.parse(event);
    return {
      kind: "pull request",
      number: pull.number,
      title: pull.title,
      author: pull.user.login,
      branch: pull.head.ref,
      commit: pull.head.sha,
      base: pull.base.sha,
      isForeign:
        pull.head.repo?.full_name.toLowerCase() !== settings.repository.toLowerCase() ||
        pull.user.login === "dependabot[bot]",
    };
  }
  if (settings.event === "push") {
    const { before, after, ref } = pushSchema.parse(event);
    const isFirst = /^0+$/.test(before);
    return {
      kind: "push",
      before: isFirst ? undefined : before,
      commit: after,
      branch: ref.replace("refs/heads/", ""),
    };
  }
  if (settings.event === "merge_group") {
    return { kind: "merge group", commit: mergeGroupSchema.parse(event).merge_group.head_sha };
  }
  throw new CommandError(
    `flowgate github runs on pull_request, merge_group and push; this workflow runs on ${settings.event}. ` +
      "Never run it on pull_request_target: that would lend the main branch's rights to any fork.",
  );
}
