import type { Command } from "commander";
import type { Commit } from "../../shared/model/version.ts";
import type { GitHubSettings } from "../../shared/settings.ts";
import { allFlows, type ChangedFlows, changedFlows } from "../changed-flows.ts";
import { CommandError } from "../command-error.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { gitFacts } from "../git-facts.ts";
import { annotation, notice } from "../github/annotation.ts";
import { resultTitle } from "../github/comment-body.ts";
import { evaluateFlow, type FlowOutcome } from "../github/evaluate-flow.ts";
import { filesBetween, setCheck } from "../github/github-api.ts";
import { createGitHubRequest, type GitHubRequest } from "../github/github-request.ts";
import { lastRelease } from "../github/last-release.ts";
import { namesakes } from "../namesakes.ts";
import { reportOutcomes } from "../github/report-outcomes.ts";
import { SHOWN, worstOutcome } from "../github/shown-outcome.ts";
import { readWorkflowEvent, type WorkflowEvent } from "../github/workflow-event.ts";
import { type CommonOptions, type Invocation, runCommand, withCommonOptions } from "../run-command.ts";

/** `flowgate github [folders...]` */
export function addGithub(program: Command): void {
  const command = program
    .command("github")
    .description(
      "in a GitHub workflow: evaluate the flows that the pull request or the commit changes, and report on GitHub",
    )
    .argument("[folders...]", "flows to take, changed or not (default: those that changed)")
    .addHelpText(
      "after",
      "\nOn a pull request flows are proposals, judged and never released; on a push they are released where they pass." +
        "\nIn a merge queue nothing is judged anew: the check passes, as it did on each pull request." +
        "\n`flowgate init --github` writes the workflow. Exit codes: 0 passed, or nothing to do; 1 failed; 2 an error; 3 inconclusive.",
    );
  withCommonOptions(command).action((folders: string[], options: CommonOptions) =>
    runCommand(options, (invocation) => evaluateChange(folders, options, invocation)),
  );
}

async function evaluateChange(
  named: readonly string[],
  { url }: CommonOptions,
  invocation: Invocation,
): Promise<number> {
  const { settings, output, signal } = invocation;
  const { github } = settings;
  if (!github) {
    throw new CommandError(
      "This is no GitHub workflow. `flowgate init --github` writes one; elsewhere use `flowgate push --wait`, with --proposal for what is not merged.",
    );
  }
  const event = await readWorkflowEvent(github);
  if (event.kind === "pull request" && event.isForeign) return standAside(github, invocation);
  const request = createGitHubRequest(github, signal);
  if (event.kind === "merge group") return letPass(event.commit, request, invocation);
  const platform = (url ?? settings.remote.url)?.replace(/\/+$/, "");
  if (platform === undefined) {
    throw new CommandError(
      "Nothing says where the platform is. Set the repository's variable FLOWGATE_URL; docs/github.md has all of them.",
    );
  }
  const { folders, gone } =
    named.length > 0 ? { folders: [...named], gone: [] } : await flowsToTake(event, request);
  const change = {
    proposal: event.kind === "pull request" ? `pr-${event.number}` : undefined,
    commit: await commitOf(event, github),
    sameName: await namesakes(folders),
  };
  const outcomes = await Promise.all(folders.map((folder) => evaluateFlow(folder, change, invocation)));
  const unwritten = await reportOutcomes(outcomes, { event, gone, platform }, { request, settings: github });
  if (output.json) output.printJson({ outcomes, gone, unwritten });
  else print(outcomes, gone, invocation);
  for (const reason of unwritten) output.note(`${output.paintNote("red", "error:")} ${reason}`);
  const worst = worstOutcome(outcomes.map(({ outcome }) => outcome));
  return unwritten.length > 0 ? EXIT_CODE.error : EXIT_CODE[worst];
}

/** A fork's workflow may neither sign in nor write: what it cannot do is no fault of the change. */
async function standAside({ summaryFile }: GitHubSettings, { output }: Invocation): Promise<number> {
  const words =
    "Flowgate does not evaluate this pull request: the workflows of forks and of Dependabot are given no identity. " +
    "Somebody with write access can push its branch to this repository; merged, it is evaluated before it is released.";
  if (output.json) output.printJson({ outcomes: [], skipped: words });
  else output.print(notice(words));
  if (summaryFile !== undefined) {
    const { appendFile } = await import("node:fs/promises");
    await appendFile(summaryFile, `${words}\n`);
  }
  return EXIT_CODE.pass;
}

/** The queue asks for the check again, of a branch that no identity is tied to; nothing is released before the push. */
async function letPass(commit: string, request: GitHubRequest, { output }: Invocation): Promise<number> {
  const summary =
    "Each pull request of the queue was judged by itself. What is merged is judged once more, and released if it passes.";
  await setCheck(request, { commit, conclusion: "success", title: "Judged before", summary });
  if (output.json) output.printJson({ outcomes: [], skipped: summary });
  else output.print(notice(summary));
  return EXIT_CODE.pass;
}

type Change = Exclude<WorkflowEvent, { kind: "merge group" }>;

async function flowsToTake(event: Change, request: GitHubRequest): Promise<ChangedFlows> {
  const base =
    event.kind === "pull request" ? event.base : event.before && (await lastRelease(request, event.before));
  const files = base === undefined ? undefined : await filesBetween(request, base, event.commit);
  const root = process.cwd();
  return files === undefined ? { folders: await allFlows(root), gone: [] } : changedFlows(root, files);
}

/** Of a pull request its newest commit, not the merge with the base that is checked out. */
async function commitOf(event: Change, { serverUrl, repository }: GitHubSettings): Promise<Commit> {
  if (event.kind === "pull request") {
    return {
      repository: `${serverUrl}/${repository}`,
      branch: event.branch,
      commit: event.commit,
      author: event.author,
      message: event.title,
      pullRequest: event.number,
    };
  }
  const facts = await gitFacts(process.cwd());
  return { ...facts, repository: `${serverUrl}/${repository}`, branch: event.branch, commit: event.commit };
}

function print(outcomes: readonly FlowOutcome[], gone: readonly string[], { output }: Invocation): void {
  for (const { folder, diagnostics, outcome, headline, flow, notes } of outcomes) {
    for (const diagnostic of diagnostics) output.print(annotation(folder, diagnostic));
    output.print(`${SHOWN[outcome].mark} ${headline.startsWith(`${flow}@`) ? "" : `${flow} `}${headline}`);
    for (const note of notes) output.print(`   ${note}`);
  }
  for (const folder of gone) {
    output.print(notice(`flow.yaml is gone from ${folder}; production serves it until \`flowgate stop\`.`));
  }
  output.print(resultTitle(outcomes));
}
