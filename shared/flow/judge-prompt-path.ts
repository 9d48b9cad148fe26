import type { EvaluatorReference } from "../model/flow.ts";

/** The evaluator that a flow gives its own prompt. */
export const CUSTOM_JUDGE = "judge";

/** The path of the `.prompty` that an evaluator judges by; undefined for one of the registry's own. */
export function judgePromptPath({
  use,
  options,
}: Pick<EvaluatorReference, "use" | "options">): string | undefined {
  const path = use === CUSTOM_JUDGE ? options?.["prompt"] : undefined;
  return typeof path === "string" ? path : undefined;
}
