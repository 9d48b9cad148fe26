import type { EvaluatorTools } from "../evaluators/evaluator.ts";
import { bindSafetyService } from "../evaluators/safety/safety-service.ts";
import type { CallContext } from "../ports/chat-model.ts";
import type { RowDependencies } from "./version-under-test.ts";

/** What evaluators ask with, on behalf of `call`. */
export function evaluatorTools(
  {
    judgeFor,
    contentSafety,
    embeddingModel,
  }: Pick<RowDependencies, "judgeFor" | "contentSafety" | "embeddingModel">,
  call: CallContext,
): EvaluatorTools {
  const judging: CallContext = { ...call, purpose: "judge" };
  return {
    judge: judgeFor(judging),
    ...(contentSafety && { safetyService: bindSafetyService(contentSafety, judging) }),
    embed: (texts) => embeddingModel.embed(texts, call),
  };
}
