import type { RunStatus } from "../../shared/model/status.ts";
import type { VerdictOutcome } from "../../shared/model/run.ts";
import { progressOf } from "../data/progress-of.ts";
import { Badge, type Tone } from "./badge.tsx";

const OUTCOMES: Record<VerdictOutcome, [tone: Tone, word: string]> = {
  pass: ["pass", "passed"],
  fail: ["fail", "failed"],
  inconclusive: ["open", "undecided"],
  error: ["fail", "not judged"],
};

function OutcomeBadge({ outcome }: { outcome: VerdictOutcome }) {
  const [tone, word] = OUTCOMES[outcome];
  return <Badge tone={tone}>{word}</Badge>;
}

const MARKS: Record<VerdictOutcome, string> = { pass: "✓", fail: "✗", inconclusive: "?", error: "!" };

/** The sign of an outcome alone, with its word for who does not see it. */
export function OutcomeMark({ outcome }: { outcome: VerdictOutcome }) {
  const [tone, word] = OUTCOMES[outcome];
  return (
    <span class={`outcome-mark ${tone}`}>
      <span aria-hidden="true">{MARKS[outcome]}</span>
      <span class="visually-hidden">{word}: </span>
    </span>
  );
}

/** What came of a run, or how far it is. */
export function RunBadge({
  run,
}: {
  run: Pick<RunStatus, "verdict" | "state" | "shardsDone" | "rowsDone" | "plan">;
}) {
  if (run.verdict) return <OutcomeBadge outcome={run.verdict.outcome} />;
  if (run.state === "superseded") return <Badge tone="none">superseded</Badge>;
  const { done, of } = progressOf(run);
  const share = Math.floor((100 * done) / Math.max(1, of));
  return <Badge tone="run">running, {share} %</Badge>;
}
