import type { Evaluator } from "./evaluator.ts";

/** Whether it compares with what only a dataset has: an expected answer, relevant documents, a baseline. */
export function needsDataset({ needs, kind }: Pick<Evaluator, "needs" | "kind">): boolean {
  return needs.includes("ground_truth") || kind === "retrieval" || kind === "preference";
}
