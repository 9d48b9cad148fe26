import type { ChatMessage } from "../ports/chat-model.ts";
import type { EvaluatorInput, EvaluatorNeed } from "./evaluator.ts";

/** Anything that reads as a section's tag, however it is spaced or cased. */
const TAG = /<(\s*\/?\s*(?:question|context|answer|ground_truth)\s*)>/gi;

/**
 * The judge's instructions, and the row in sections that stand on lines of their own. What a section holds was
 * written by users and models: tags in it are defused, so that it cannot end its section or open another.
 */
export function judgeMessages(prompt: string, needs: EvaluatorNeed[], input: EvaluatorInput): ChatMessage[] {
  const contents: Record<EvaluatorNeed, string> = {
    question: input.question,
    context: input.context,
    answer: input.answer,
    ground_truth: input.groundTruth ?? "",
  };
  const order: EvaluatorNeed[] = ["question", "context", "answer", "ground_truth"];
  const sections = order
    .filter((name) => needs.includes(name))
    .map((name) => `<${name}>\n${contents[name].replace(TAG, "&lt;$1&gt;")}\n</${name}>`);
  return [
    { role: "system", content: prompt },
    { role: "user", content: sections.join("\n\n") },
  ];
}
