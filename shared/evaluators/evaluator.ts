import type { Score } from "../model/run.ts";
import type { ChatMessage } from "../ports/chat-model.ts";

/** Every evaluator there is. Adding a name here makes the registry ask for its evaluator. */
export type EvaluatorName =
  | "groundedness"
  | "relevance"
  | "coherence"
  | "fluency"
  | "similarity"
  | "f1_score"
  | "exact_match";

/** What an evaluator sees of one row. */
export interface EvaluatorInput {
  question: string;
  answer: string;
  /** What the answer could draw on, as text. */
  context: string;
  groundTruth: string | undefined;
  /** The row's fields as written. */
  fields: Record<string, unknown>;
}

export type EvaluatorNeed = "question" | "answer" | "context" | "ground_truth";

/** Scores one row. A score is a number on the evaluator's scale, or null with the reason: never NaN, never a guess. */
export interface Evaluator {
  name: EvaluatorName;
  kind: "model-graded" | "text-overlap";
  scale: { min: number; max: number };
  direction: "higher" | "lower";
  /** A row passes at this value or on its better side. */
  threshold: number;
  /** What it cannot do without. */
  needs: EvaluatorNeed[];
  /** What it measures, in a sentence. */
  help: string;
  /** Changes whenever the same input could get another score. */
  revision: string;
  /** Throws `ModelError` where the judge cannot be reached; what only concerns this row becomes a null score. */
  evaluate(input: EvaluatorInput, judge: Judge): Promise<Score>;
}

/** Asks the judge model; `schema` is the JSON schema of the answer. Returns the answer's text. */
export type Judge = (request: {
  evaluator: string;
  messages: ChatMessage[];
  schema: object;
}) => Promise<string>;
