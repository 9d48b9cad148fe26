import type { SentenceEncoder } from "../text/create-sentence-encoder.ts";
import { judgeAttack } from "./judge-attack.ts";
import { judgeAttributes } from "./judge-attributes.ts";
import { judgeCoherence } from "./judge-coherence.ts";
import { judgeCompleteness } from "./judge-completeness.ts";
import { judgeFluency } from "./judge-fluency.ts";
import { judgeGroundedness } from "./judge-groundedness.ts";
import { judgeHarm } from "./judge-harm.ts";
import { judgeIndirectAttack } from "./judge-indirect-attack.ts";
import { judgePersonalData } from "./judge-personal-data.ts";
import { judgePreference } from "./judge-preference.ts";
import { judgeProtectedMaterial } from "./judge-protected-material.ts";
import { judgeRelevance } from "./judge-relevance.ts";
import { judgeRetrieval } from "./judge-retrieval.ts";
import { judgeSimilarity } from "./judge-similarity.ts";
import { judgeTaskAdherence } from "./judge-task-adherence.ts";
import { judgeToolCalls } from "./judge-tool-calls.ts";
import type { Judgement } from "./judgement.ts";
import type { JudgeCall } from "./read-judge-call.ts";

type JudgeOf = (call: JudgeCall, encoder: SentenceEncoder) => Judgement | Promise<Judgement>;

const JUDGES: Record<string, JudgeOf> = {
  groundedness: judgeGroundedness,
  relevance: judgeRelevance,
  coherence: judgeCoherence,
  fluency: judgeFluency,
  similarity: judgeSimilarity,
  response_completeness: judgeCompleteness,
  intent_resolution: judgeRelevance,
  task_adherence: judgeTaskAdherence,
  violence: judgeHarm,
  sexual: judgeHarm,
  self_harm: judgeHarm,
  hate_unfairness: judgeHarm,
  protected_material: judgeProtectedMaterial,
  indirect_attack: judgeIndirectAttack,
  jailbreak: judgeAttack,
  pii_leak: judgePersonalData,
  ungrounded_attributes: judgeAttributes,
};
/** These judge something else than an answer. */
const OTHERS: Record<string, JudgeOf> = {
  retrieval: judgeRetrieval,
  tool_call_accuracy: judgeToolCalls,
  preference: judgePreference,
};

/**
 * Grades with a whole number of the scale that is asked for. An evaluator it does not know is graded by how far the
 * answer speaks to the question; a text without an answer of its own, whose instructions it cannot follow, by its
 * language.
 */
export async function judge(call: JudgeCall, encoder: SentenceEncoder): Promise<Judgement> {
  const { min, max } = call.scale;
  const whole = (score: number): number => Math.min(max, Math.max(min, Math.round(score)));
  const other = OTHERS[call.evaluator];
  if (other === undefined && call.answer.trim() === "") {
    if (call.text.trim() === "") return { reason: "The answer is empty.", score: min };
    const { reason, score } = judgeFluency({ ...call, answer: call.text });
    const share = (Math.max(1, score) - 1) / 4;
    const said = `The offline stand-in cannot follow a judge's own instructions and looks at the language: ${reason}`;
    return { reason: said, score: whole(min + share * (max - min)) };
  }
  const { reason, score } = await (other ?? JUDGES[call.evaluator] ?? judgeRelevance)(call, encoder);
  return { reason, score: whole(score) };
}
