import type { z } from "zod";
import type { Prompty } from "../flow/prompty.ts";
import type { Score } from "../model/run.ts";
import type { ChatMessage } from "../ports/chat-model.ts";
import type { SafetyService } from "./safety/safety-service.ts";

/** Every evaluator there is. Adding a name here makes the registry ask for its evaluator. */
export type EvaluatorName =
  | "groundedness"
  | "relevance"
  | "coherence"
  | "fluency"
  | "similarity"
  | "retrieval"
  | "response_completeness"
  | "intent_resolution"
  | "task_adherence"
  | "tool_call_accuracy"
  | "f1_score"
  | "bleu"
  | "gleu"
  | "meteor"
  | "rouge"
  | "exact_match"
  | "contains"
  | "regex"
  | "json_schema"
  | "levenshtein"
  | "embedding_similarity"
  | "ndcg"
  | "recall"
  | "precision"
  | "holes"
  | "violence"
  | "sexual"
  | "self_harm"
  | "hate_unfairness"
  | "protected_material"
  | "indirect_attack"
  | "jailbreak"
  | "pii_leak"
  | "ungrounded_attributes"
  | "preference"
  | "judge";

/** How an evaluator comes to its score. */
export type EvaluatorKind = "model-graded" | "text-overlap" | "retrieval" | "safety" | "preference";

/** What an evaluator sees of one row. */
export interface EvaluatorInput {
  question: string;
  answer: string;
  /** What the answer could draw on, as text. */
  context: string;
  groundTruth: string | undefined;
  /** Ids of the documents that the flow's retrievals found, best first. */
  documents: readonly string[];
  /** What was said before the question, as text; empty or absent where it opens the conversation. */
  history?: string;
  /** What the prompt tells the assistant, as its template. */
  instructions?: string;
  /** The tools that the prompt offers, and those that the answer calls, as chat completions carry them. */
  toolDefinitions?: readonly unknown[];
  toolCalls?: readonly unknown[];
  /** What the baseline answered to the same row; absent where there is no baseline. */
  baseline?: "itself" | { answer: string | undefined } | undefined;
  /** The row's fields as written. */
  fields: Record<string, unknown>;
  /** Of a judge of the flow's own. */
  judgePrompt?: Prompty | undefined;
  /** What the flow tells this evaluator, as the evaluator's own schema reads it. */
  options: Record<string, unknown>;
}

export type EvaluatorNeed =
  | "question"
  | "answer"
  | "context"
  | "ground_truth"
  | "instructions"
  | "tool_definitions"
  | "tool_calls";

/** What an evaluator found: a number on its scale, or null with the reason. Never NaN, never a guess. */
export interface Measurement {
  value: number | null;
  reason: string | undefined;
}

/** What evaluators ask of the world. */
export interface EvaluatorTools {
  judge: Judge;
  /** Where one is set. */
  safetyService?: SafetyService;
  /** One vector for each text, of length 1. */
  embed(texts: string[]): Promise<Float32Array[]>;
}

interface EvaluatorFacts {
  kind: EvaluatorKind;
  scale: { min: number; max: number };
  direction: "higher" | "lower";
  /** A row passes at this value or on its better side. */
  threshold: number;
  /** What it cannot do without. */
  needs: EvaluatorNeed[];
  /** How often it asks the judge for one answer; absent where never. */
  judgeCalls?: number;
  /** Where a content safety service is set: whether it judges instead of the judge or beside it; absent: neither. */
  safetyService?: "instead" | "beside";
  /** Whether it compares by the embedding model, and asks no judge. */
  embeds?: true;
  /** What it measures, in a sentence. */
  help: string;
  /** Changes whenever the same input could get another score. */
  revision: string;
}

/** An evaluator of the registry. */
export interface EvaluatorDefinition extends EvaluatorFacts {
  name: EvaluatorName;
  /** Whose definition it follows. */
  source: string;
  /** What a flow may tell it; undefined: nothing. */
  options?: z.ZodType<Record<string, unknown>>;
  /** What follows from what a flow tells it. */
  factsFor?(options: Record<string, unknown>): Partial<EvaluatorFacts>;
  /** Throws `ModelError` where the judge cannot be reached; what only concerns this row becomes null. */
  measure(input: EvaluatorInput, tools: EvaluatorTools): Promise<Measurement>;
}

/** An evaluator as a flow uses it, with the flow's name, options and threshold (`bind-evaluator.ts`). */
export interface Evaluator extends EvaluatorFacts {
  /** The metric's name. */
  name: string;
  /** The name of its definition. */
  use: string;
  /** Whether a row with this value passes; undefined for null. */
  passes(value: number | null): boolean | undefined;
  /** Throws as `measure` does. */
  evaluate(input: Omit<EvaluatorInput, "options" | "judgePrompt">, tools: EvaluatorTools): Promise<Score>;
}

/** Asks the judge model; `schema` is the JSON schema of the answer. Returns the answer's text. */
export type Judge = (request: {
  evaluator: string;
  messages: ChatMessage[];
  schema: object;
  /** Another model than the judge of the settings, and parameters in place of the judge's own. */
  model?: string | undefined;
  parameters?: Record<string, unknown> | undefined;
}) => Promise<string>;
