import type { Evaluator } from "./evaluator.ts";

/** Whether a metric is what a judge model says of an answer's quality, so that people's labels can speak for it. */
export function restsOnJudge({ kind }: Pick<Evaluator, "kind">): boolean {
  return kind === "model-graded";
}
