/** What a judge of the flow's own is given of a row, beside the row's fields. */
export const JUDGE_INPUTS = ["question", "answer", "context", "ground_truth", "tool_calls"] as const;
