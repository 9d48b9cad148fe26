import { contentHash } from "../model/canonical.ts";
import { askJudge, judgeForm } from "./ask-judge.ts";
import type { EvaluatorDefinition, EvaluatorInput, EvaluatorName, EvaluatorNeed } from "./evaluator.ts";
import { judgeMessages, type JudgeSections } from "./judge-messages.ts";
import { judgeSections } from "./judge-sections.ts";
import { unscorable } from "./unscorable.ts";

/** Raised when the code around the prompts changes what scores come out. */
const REVISION = 2;
const SCALE = { min: 1, max: 5 };
const THRESHOLD = 3;

export interface ModelGradedOptions {
  name: EvaluatorName;
  needs: EvaluatorNeed[];
  help: string;
  source: string;
  /** The judge's instructions. */
  prompt: string;
  /** What the judge is shown beside what it needs. */
  extra?(input: EvaluatorInput): JudgeSections;
  /** Why a row cannot be scored, beside the lack of what it needs. */
  lacks?(input: EvaluatorInput): string | undefined;
}

/** An evaluator that asks a judge model for a score from 1 to 5 (`askJudge`). */
export function modelGraded(options: ModelGradedOptions): EvaluatorDefinition {
  const { name, needs, help, source, prompt, extra, lacks } = options;
  return {
    name,
    kind: "model-graded",
    scale: SCALE,
    direction: "higher",
    threshold: THRESHOLD,
    needs,
    judgeCalls: 1,
    help,
    source,
    revision: contentHash({ REVISION, prompt, needs, ...judgeForm(SCALE) }).slice(0, 12),
    async measure(input, { judge }) {
      const why = unscorable(needs, input) ?? lacks?.(input);
      if (why !== undefined) return { value: null, reason: why };
      const messages = judgeMessages(prompt, { ...judgeSections(needs, input), ...extra?.(input) });
      return askJudge({ evaluator: name, messages, scale: SCALE }, judge);
    },
  };
}
