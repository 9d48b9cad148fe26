import { describe, expect, test } from "vitest";
import { bindEvaluator } from "../../../shared/evaluators/bind-evaluator.ts";
import type { EvaluatorTools } from "../../../shared/evaluators/evaluator.ts";
import { EVALUATORS } from "../../../shared/evaluators/registry.ts";

/** The evaluators that a flow may count on, by their kind. */
const TABLE = {
  "model-graded":
    "groundedness relevance coherence fluency similarity retrieval response_completeness intent_resolution task_adherence tool_call_accuracy judge",
  "text-overlap":
    "f1_score bleu gleu meteor rouge exact_match contains regex json_schema levenshtein embedding_similarity",
  retrieval: "ndcg recall precision holes",
  safety:
    "violence sexual self_harm hate_unfairness protected_material indirect_attack jailbreak pii_leak ungrounded_attributes",
  preference: "preference",
};
/** A judge that would let everything pass. */
const KIND: EvaluatorTools = {
  judge: async ({ schema }) => {
    const { properties } = schema as { properties: { score: { enum?: number[] } } };
    return JSON.stringify({ reason: "Fine.", score: properties.score.enum?.[0] ?? 0 });
  },
  embed: async (texts) => texts.map(() => Float32Array.from([1, 0])),
  safetyService: {
    severities: async () => ({ Hate: 0, SelfHarm: 0, Sexual: 0, Violence: 0 }),
    findAttacks: async () => ({ prompt: false, documents: false }),
    isProtected: async () => false,
  },
};

test.each(Object.entries(TABLE))("the %s evaluators are all there", (kind, names) => {
  const found = Object.values(EVALUATORS).filter((evaluator) => evaluator.kind === kind);
  expect(found.map(({ name }) => name).sort()).toEqual(names.split(" ").sort());
});

describe.each(Object.entries(EVALUATORS))("%s", (name, evaluator) => {
  test("says what it measures, after whom, and passes somewhere on its scale", () => {
    const { help, source, scale, threshold } = evaluator;
    expect(help).toMatch(/^[A-Z0-9].*\.$/);
    expect(source).not.toBe("");
    expect(scale.min).toBeLessThan(scale.max);
    expect(threshold).toBeGreaterThanOrEqual(scale.min);
    expect(threshold).toBeLessThanOrEqual(scale.max);
  });

  test.each(["", " \n"])("gives no score to the empty answer %j, and so no pass", async (answer) => {
    const input = {
      question: "Why?",
      answer,
      context: "Because.",
      groundTruth: "Because.",
      documents: ["a"],
      baseline: { answer: "Because." },
      fields: { relevant_documents: ["a"], contains: "x", regex: "x" },
    };
    const score = await bindEvaluator({ name, use: evaluator.name }).evaluate(input, KIND);
    expect(score).toMatchObject({ value: null, passed: undefined });
    expect(score.reason).toBeTruthy();
  });
});
