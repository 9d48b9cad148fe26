import type { IntakeState } from "../shared/model/intake.ts";
import type { Verdict } from "../shared/model/run.ts";
import type { FlowStatus, RolloutProgress } from "../shared/model/status.ts";
import { type Commit, versionName } from "../shared/model/version.ts";
import { outcomeWords } from "../shared/report/outcome-words.ts";
import { formatTime } from "./format-time.ts";
import type { Paint } from "./output.ts";
import { excerpt } from "./plain-text.ts";
import { printDiagnostics } from "./print-diagnostics.ts";
import { releaseWords } from "./release-words.ts";
import { rolloutWords } from "./rollout-words.ts";
import { OUTCOME_COLOUR } from "./print-verdict.ts";

/** What serves a flow, what became of its latest change, and how far its run is. */
export function printStatus(status: FlowStatus, paint: Paint, progress: RolloutProgress | undefined): string {
  const { flow, release, change, earlierRun } = status;
  const run = status.run ?? earlierRun;
  const lines = [paint("bold", flow), line("serves", servedWords(status, paint), paint)];
  if (release?.previous) lines.push(line("before it", versionName(flow, release.previous.version), paint));
  if (release) {
    const colour = release.state === "blocked" ? "red" : "yellow";
    for (const [index, words] of releaseWords(release).entries()) {
      lines.push(line(index === 0 ? "release" : "", paint(colour, words), paint));
    }
    const shown = progress === undefined ? [] : rolloutWords(release, progress);
    lines.push(...shown.map((words, index) => line(index === 0 ? "traffic" : "", words, paint)));
  }
  const back = takenBackWords(status);
  if (back !== undefined) lines.push(line("release", paint("yellow", back), paint));
  if (change) lines.push(line("change", changeWords(change, paint), paint));
  if (change?.outcome.kind === "refused") {
    lines.push(indented(printDiagnostics(change.outcome.diagnostics, paint)));
  }
  if (run) {
    const { plan, state, shardsDone, rowsDone, verdict } = run;
    const share =
      verdict === undefined && rowsDone !== undefined
        ? `${rowsDone} of ${plan.rows} rows are done`
        : `${shardsDone} of ${plan.shards.length} shards, ${plan.rows} rows`;
    lines.push(line("run", `${versionName(flow, plan.version)} ${state}: ${share} (${plan.id})`, paint));
    if (verdict) {
      lines.push(line("verdict", paint(OUTCOME_COLOUR[verdict.outcome], outcomeWords(verdict)), paint));
      if (verdict.calls) lines.push(line("calls", callWords(verdict.calls), paint));
      const reasons = verdict.outcome === "pass" ? [] : verdict.reasons;
      lines.push(...reasons.map((reason) => line("", excerpt(reason, 240), paint)));
    }
  }
  return lines.join("\n");
}

function callWords({ made, saved, avoided }: NonNullable<Verdict["calls"]>): string {
  const early = avoided > 0 ? `, about ${avoided} by stopping early` : "";
  return `${made} made, ${saved} saved by what was recorded before${early}`;
}

/** "by Ada <ada@example.com>, main@1a2b3c4, «message»", as far as it is known. */
function commitWords(commit: Commit | undefined): string {
  const { author, branch, commit: hash, message } = commit ?? {};
  const shortHash = hash?.replace(/^([0-9a-f]{7})[0-9a-f]*/, "$1");
  return [
    author === undefined ? undefined : `by ${author}`,
    [branch, shortHash].filter((part) => part !== undefined).join("@") || undefined,
    message === undefined ? undefined : `“${message}”`,
  ]
    .filter((part) => part !== undefined)
    .map((part) => excerpt(part, 120))
    .join(", ");
}

function servedWords({ flow, release }: FlowStatus, paint: Paint): string {
  if (!release?.stable) return paint("yellow", "nothing yet: no version has passed");
  const { version, since } = release.stable;
  if (release.stopped)
    return `${paint("red", "nobody: it is stopped")}; ${versionName(flow, version)} would answer`;
  return `${paint("green", versionName(flow, version))} since ${formatTime(since)}`;
}

/** The last decision where it keeps a version out of production that had passed its gate. */
function takenBackWords({ flow, release, run }: FlowStatus): string | undefined {
  if (release?.state !== "idle") return undefined;
  const { kind, from, version, at, actor, reason } = release.entry;
  const words = `${formatTime(at)} by ${excerpt(actor, 80)}: ${excerpt(reason, 240)}`;
  if (kind === "rolled_back" && from !== undefined)
    return `${versionName(flow, from)} was rolled back ${words} (flowgate history ${flow})`;
  if (run?.verdict?.outcome !== "pass" || run.plan.version === release.stable?.version) return undefined;
  if (kind === "rejected" && run.plan.id === release.entry.run)
    return `${versionName(flow, version)} was rejected ${words}`;
  return `${versionName(flow, run.plan.version)} passed and does not serve: flowgate history ${flow} says why`;
}

function changeWords(change: IntakeState, paint: Paint): string {
  const { flow, outcome } = change;
  const what = {
    accepted: () =>
      outcome.kind === "accepted" ? `accepted as ${versionName(flow, outcome.version)}` : outcome.kind,
    refused: () => paint("red", "refused"),
    deleted: () => paint("yellow", "the flow's files were deleted"),
  }[outcome.kind]();
  const who = commitWords(change.commit);
  return `${formatTime(change.at)} ${who === "" ? "" : `${who}: `}${what}`;
}

function line(name: string, text: string, paint: Paint): string {
  return `  ${paint("dim", name.padEnd(9))} ${text}`;
}

function indented(text: string): string {
  return text.replace(/^/gm, "            ");
}
