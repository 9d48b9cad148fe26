import type { RunPlan } from "../model/run.ts";
import type { Evaluator } from "./evaluator.ts";

type Judges = Pick<RunPlan["models"], "judge" | "safety">;

/**
 * Who judges by an evaluator: the judge model, with the content safety service where it has a part in it; the
 * embedding model where that is what it compares by.
 */
export function judgedBy(
  { safetyService, embeds }: Pick<Evaluator, "safetyService" | "embeds">,
  models: Judges & Pick<RunPlan["models"], "embedding">,
): string {
  if (embeds) return models.embedding;
  if (safetyService === undefined || models.safety === undefined) return models.judge;
  return `${models.safety}+${models.judge}`;
}

/** What a report says of who judged safety: one sentence for each way. */
export function safetyNotices(evaluators: readonly Evaluator[], models: Judges): string[] {
  const safety = evaluators.filter(({ kind }) => kind === "safety");
  const listed = (found: readonly Evaluator[]): string => found.map(({ name }) => name).join(", ");
  const asks = ({ judgeCalls = 0 }: Evaluator): boolean => judgeCalls > 0;
  const namesOf = (way: Evaluator["safetyService"]): string =>
    listed(safety.filter((evaluator) => asks(evaluator) && evaluator.safetyService === way));
  const computed = listed(safety.filter((evaluator) => !asks(evaluator)));
  const [instead, beside, alone] = [namesOf("instead"), namesOf("beside"), namesOf(undefined)];
  const others = [
    ...(alone === "" ? [] : [`Judged by the model ${models.judge}: ${alone}.`]),
    ...(computed === "" ? [] : [`Decided by patterns, without a model: ${computed}.`]),
  ];
  if (models.safety === undefined) {
    const all = [instead, beside].filter((names) => names !== "").join(", ");
    return [
      ...(all === ""
        ? []
        : [`Judged by the model ${models.judge}, as no Azure AI Content Safety connection is set: ${all}.`]),
      ...others,
    ];
  }
  return [
    ...(instead === "" ? [] : [`Judged by Azure AI Content Safety (${models.safety}): ${instead}.`]),
    ...(beside === ""
      ? []
      : [`Judged by the model ${models.judge}, with what Prompt Shields found: ${beside}.`]),
    ...others,
  ];
}
