import { ModelError } from "../errors.ts";
import { contentHash } from "../model/canonical.ts";
import type { ChatMessage } from "../ports/chat-model.ts";
import type { EvaluatorDefinition, EvaluatorName, EvaluatorNeed, Judge, Measurement } from "./evaluator.ts";
import { judgeMessages } from "./judge-messages.ts";
import { type Judgement, JUDGEMENT_JSON_SCHEMA, readJudgement } from "./read-judgement.ts";
import { unscorable } from "./unscorable.ts";

/** Raised when the code around the prompts changes what scores come out. */
const REVISION = 1;
const THRESHOLD = 3;
const REMINDER =
  'That could not be read. Answer with one JSON object and nothing else: {"reason": "...", "score": 1, 2, 3, 4 or 5}.';

export interface ModelGradedOptions {
  name: EvaluatorName;
  needs: EvaluatorNeed[];
  help: string;
  /** The judge's instructions. */
  prompt: string;
}

/**
 * An evaluator that asks a judge model for a score from 1 to 5. An answer that cannot be read is asked for once
 * more; then, and where the service refuses this row's text, the score is null with the reason.
 */
export function modelGraded({ name, needs, help, prompt }: ModelGradedOptions): EvaluatorDefinition {
  return {
    name,
    kind: "model-graded",
    scale: { min: 1, max: 5 },
    direction: "higher",
    threshold: THRESHOLD,
    needs,
    help,
    revision: contentHash({
      REVISION,
      prompt,
      needs,
      schema: JUDGEMENT_JSON_SCHEMA,
      THRESHOLD,
      REMINDER,
    }).slice(0, 12),
    async measure(input, { judge }): Promise<Measurement> {
      const why = unscorable(needs, input);
      if (why !== undefined) return nothing(why);
      try {
        const judgement = await ask(name, judgeMessages(prompt, needs, input), judge);
        if (!judgement) return nothing("The judge's answer could not be read, twice.");
        return { value: judgement.score, reason: judgement.reason };
      } catch (error) {
        if (!(error instanceof ModelError && ABOUT_THIS_ROW.has(error.kind))) throw error;
        return nothing(`The judge could not score this row (${error.kind}).`);
      }
    },
  };
}

/** Failures that another try or another day would not mend, and other rows do not share. */
const ABOUT_THIS_ROW: ReadonlySet<string> = new Set(["content_filter", "context_length", "empty"]);

async function ask(name: string, messages: ChatMessage[], judge: Judge): Promise<Judgement | undefined> {
  const first = await answerOf(name, messages, judge);
  const judgement = readJudgement(first);
  if (judgement) return judgement;
  const again: ChatMessage[] = first.trim() ? [{ role: "assistant", content: first }] : [];
  const reminded: ChatMessage[] = [...messages, ...again, { role: "user", content: REMINDER }];
  return readJudgement(await answerOf(name, reminded, judge));
}

/** An empty answer is one that cannot be read. */
async function answerOf(name: string, messages: ChatMessage[], judge: Judge): Promise<string> {
  try {
    return await judge({ evaluator: name, messages, schema: JUDGEMENT_JSON_SCHEMA });
  } catch (error) {
    if (error instanceof ModelError && error.kind === "empty") return "";
    throw error;
  }
}

function nothing(reason: string): Measurement {
  return { value: null, reason };
}
