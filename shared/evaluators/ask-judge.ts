import { ModelError } from "../errors.ts";
import type { ChatMessage } from "../ports/chat-model.ts";
import type { EvaluatorDefinition, Judge, Measurement } from "./evaluator.ts";
import { judgementJsonSchema, readJudgement, stepsOf } from "./read-judgement.ts";

type Scale = EvaluatorDefinition["scale"];

/** What a judge is asked for one score. */
export interface JudgeQuestion extends Pick<Parameters<Judge>[0], "model" | "parameters"> {
  /** Names the call. */
  evaluator: string;
  messages: ChatMessage[];
  scale: Scale;
}

/** Failures that another try or another day would not mend, and other rows do not share. */
const ABOUT_THIS_ROW: ReadonlySet<string> = new Set(["content_filter", "context_length", "empty", "cut"]);

/**
 * Asks a judge for a score. An answer that cannot be read is asked for once more; then, and where the service refuses
 * this row's text, the score is null with the reason. Throws `ModelError` where the judge cannot be reached.
 */
export async function askJudge(question: JudgeQuestion, judge: Judge): Promise<Measurement> {
  try {
    const first = await answerOf(question, question.messages, judge);
    const judgement = readJudgement(first, question.scale) ?? (await askAgain(question, first, judge));
    if (!judgement) return { value: null, reason: "The judge's answer could not be read, twice." };
    return { value: judgement.score, reason: judgement.reason };
  } catch (error) {
    if (!(error instanceof ModelError && ABOUT_THIS_ROW.has(error.kind))) throw error;
    return { value: null, reason: `The judge could not score this row (${error.kind}).` };
  }
}

/** How a judge is asked, beside its messages: part of what scores depend on. */
export function judgeForm(scale: Scale): object {
  return { schema: judgementJsonSchema(scale), reminder: reminderOf(scale) };
}

async function askAgain(question: JudgeQuestion, first: string, judge: Judge) {
  const again: ChatMessage[] = first.trim() ? [{ role: "assistant", content: first }] : [];
  const reminder: ChatMessage = { role: "user", content: reminderOf(question.scale) };
  return readJudgement(
    await answerOf(question, [...question.messages, ...again, reminder], judge),
    question.scale,
  );
}

function reminderOf(scale: Scale): string {
  const steps = stepsOf(scale);
  const scores =
    steps === undefined
      ? `a number from ${scale.min} to ${scale.max}`
      : `${steps.slice(0, -1).join(", ")} or ${steps.at(-1)}`;
  return `That could not be read. Answer with one JSON object and nothing else: {"reason": "...", "score": ${scores}}.`;
}

/** An empty answer is one that cannot be read. */
async function answerOf(
  { evaluator, scale, model, parameters }: JudgeQuestion,
  messages: ChatMessage[],
  judge: Judge,
): Promise<string> {
  try {
    return await judge({ evaluator, messages, schema: judgementJsonSchema(scale), model, parameters });
  } catch (error) {
    if (error instanceof ModelError && (error.kind === "empty" || error.kind === "cut")) return "";
    throw error;
  }
}
