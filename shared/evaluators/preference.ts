import { contentHash } from "../model/canonical.ts";
import { askJudge, judgeForm } from "./ask-judge.ts";
import type { EvaluatorDefinition, EvaluatorInput, Judge, Measurement } from "./evaluator.ts";
import { judgeMessages } from "./judge-messages.ts";
import { loadJudgePrompt } from "./judge-prompt.ts";
import { judgeSections } from "./judge-sections.ts";
import { unscorable } from "./unscorable.ts";

const REVISION = 1;
/** What the judge says: 1, the first answer is better; 3, the second; 2, neither. */
const ORDER = { min: 1, max: 3 };
const prompt = loadJudgePrompt(new URL("prompts/preference.md", import.meta.url), ORDER);

/**
 * Whether a judge prefers the answer to the baseline's, asked in both orders, because judges favour a place: 1 where it
 * does in both, 0 where it prefers the baseline's in both, else 0.5 (Zheng et al. 2023, "swap positions"). The mean
 * over rows is a win rate in which a tie is half a win.
 */
export const preference: EvaluatorDefinition = {
  name: "preference",
  kind: "preference",
  scale: { min: 0, max: 1 },
  direction: "higher",
  threshold: 0.5,
  needs: ["question", "answer"],
  judgeCalls: 2,
  help: "Whether a judge prefers the answer to the baseline's, in both orders (1), in neither (0), or it cannot tell (0.5).",
  source: "Zheng et al. 2023 (MT-Bench), pairwise comparison with swapped positions",
  revision: contentHash({ REVISION, prompt, ...judgeForm(ORDER) }).slice(0, 12),
  async measure(input, { judge }) {
    const why = unscorable(["question", "answer"], input);
    if (why !== undefined) return { value: null, reason: why };
    const { answer, baseline } = input;
    if (baseline === undefined) return { value: null, reason: "There is no baseline to compare with." };
    if (baseline === "itself") return { value: 0.5, reason: "The baseline is compared with itself." };
    const other = baseline.answer?.trim() ? baseline.answer : undefined;
    if (other === undefined) return { value: null, reason: "The baseline has no answer to this row." };
    if (other.trim() === answer.trim()) return { value: 0.5, reason: "Both answers are the same." };
    const [first, second] = await Promise.all([
      ask(input, { a: answer, b: other }, judge),
      ask(input, { a: other, b: answer }, judge),
    ]);
    if (first.value === null) return first;
    if (second.value === null) return second;
    const wins = first.value < 2 && second.value > 2;
    const losses = first.value > 2 && second.value < 2;
    const told = `As A: ${first.reason ?? ""} As B: ${second.reason ?? ""}`;
    if (wins) return { value: 1, reason: `Preferred in both orders. ${told}` };
    if (losses) return { value: 0, reason: `The baseline's is preferred in both orders. ${told}` };
    return { value: 0.5, reason: `Neither is preferred in both orders. ${told}` };
  },
};

function ask(input: EvaluatorInput, { a, b }: { a: string; b: string }, judge: Judge): Promise<Measurement> {
  const messages = judgeMessages(prompt, {
    ...judgeSections(["question"], input),
    ...(input.context.trim() === "" ? {} : { context: input.context }),
    ...(input.groundTruth === undefined ? {} : { ground_truth: input.groundTruth }),
    answer_a: a,
    answer_b: b,
  });
  return askJudge({ evaluator: "preference", messages, scale: ORDER }, judge);
}
