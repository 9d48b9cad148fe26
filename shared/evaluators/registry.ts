import { NotFoundError } from "../errors.ts";
import { coherence } from "./coherence.ts";
import type { EvaluatorDefinition, EvaluatorName } from "./evaluator.ts";
import { exactMatch } from "./exact-match.ts";
import { f1Score } from "./f1-score.ts";
import { fluency } from "./fluency.ts";
import { groundedness } from "./groundedness.ts";
import { bleu } from "./bleu.ts";
import { contains } from "./contains.ts";
import { embeddingSimilarity } from "./embedding-similarity.ts";
import { gleu } from "./gleu.ts";
import { holes } from "./holes.ts";
import { jsonSchema } from "./json-schema.ts";
import { levenshtein } from "./levenshtein.ts";
import { meteor } from "./meteor.ts";
import { ndcg } from "./ndcg.ts";
import { precision } from "./precision.ts";
import { recall } from "./recall.ts";
import { regex } from "./regex.ts";
import { rouge } from "./rouge.ts";
import { relevance } from "./relevance.ts";
import { responseCompleteness } from "./response-completeness.ts";
import { retrieval } from "./retrieval.ts";
import { intentResolution } from "./intent-resolution.ts";
import { violence } from "./violence.ts";
import { sexual } from "./sexual.ts";
import { selfHarm } from "./self-harm.ts";
import { hateUnfairness } from "./hate-unfairness.ts";
import { protectedMaterial } from "./protected-material.ts";
import { indirectAttack } from "./indirect-attack.ts";
import { jailbreak } from "./jailbreak.ts";
import { piiLeak } from "./pii-leak.ts";
import { ungroundedAttributes } from "./ungrounded-attributes.ts";
import { judge } from "./judge.ts";
import { preference } from "./preference.ts";
import { similarity } from "./similarity.ts";
import { taskAdherence } from "./task-adherence.ts";
import { toolCallAccuracy } from "./tool-call-accuracy.ts";

/** Every evaluator by its name; a missing one does not compile. */
export const EVALUATORS: Record<EvaluatorName, EvaluatorDefinition> = {
  groundedness,
  relevance,
  coherence,
  fluency,
  similarity,
  retrieval,
  response_completeness: responseCompleteness,
  intent_resolution: intentResolution,
  task_adherence: taskAdherence,
  tool_call_accuracy: toolCallAccuracy,
  f1_score: f1Score,
  bleu,
  gleu,
  meteor,
  rouge,
  exact_match: exactMatch,
  contains,
  regex,
  json_schema: jsonSchema,
  levenshtein,
  embedding_similarity: embeddingSimilarity,
  ndcg,
  recall,
  precision,
  holes,
  violence,
  sexual,
  self_harm: selfHarm,
  hate_unfairness: hateUnfairness,
  protected_material: protectedMaterial,
  indirect_attack: indirectAttack,
  jailbreak,
  pii_leak: piiLeak,
  ungrounded_attributes: ungroundedAttributes,
  preference,
  judge,
};

/** The evaluator of that name. Throws `NotFoundError` that lists the known ones. */
export function evaluatorNamed(name: string): EvaluatorDefinition {
  const found = Object.entries(EVALUATORS).find(([known]) => known === name);
  if (found) return found[1];
  throw new NotFoundError(
    `There is no evaluator "${name}"; there are ${Object.keys(EVALUATORS).join(", ")}.`,
  );
}
