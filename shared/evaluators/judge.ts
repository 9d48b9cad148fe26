import * as z from "zod";
import { PermanentError } from "../errors.ts";
import { normalPath, pathProblem } from "../flow/flow-paths.ts";
import type { JUDGE_INPUTS } from "../flow/judge-inputs.ts";
import { CUSTOM_JUDGE } from "../flow/judge-prompt-path.ts";
import type { Prompty } from "../flow/prompty.ts";
import { RenderError } from "../flow/render-error.ts";
import { renderMessages, templateOf } from "../flow/render-messages.ts";
import type { ChatMessage } from "../ports/chat-model.ts";
import { askJudge } from "./ask-judge.ts";
import type { EvaluatorDefinition, EvaluatorInput } from "./evaluator.ts";
import { unscorable } from "./unscorable.ts";

const scale = z
  .strictObject({
    min: z.number().describe("The lowest score."),
    max: z.number().describe("The highest score."),
  })
  .refine(({ min, max }) => min < max, { error: "The scale's min is below its max." });
const options = z.strictObject({
  prompt: z
    .string({ error: "Name the .prompty that judges, such as judges/tone.prompty." })
    .refine((path) => pathProblem(path) === undefined, {
      error: ({ input }) => pathProblem(String(input)) ?? "",
    })
    .overwrite(normalPath)
    .describe("The .prompty that judges, by its path from flow.yaml."),
  scale: scale.optional().describe("The lowest and the highest score; 1 to 5."),
  direction: z.enum(["higher", "lower"]).optional().describe("Which scores are the better ones; higher."),
});
const factsSchema = options.partial();

const SCALE = { min: 1, max: 5 };

/** A judge of the flow's own: a `.prompty` that is asked for a reason and a score. Its own model is asked, if it has one. */
export const judge: EvaluatorDefinition = {
  name: CUSTOM_JUDGE,
  kind: "model-graded",
  scale: SCALE,
  direction: "higher",
  threshold: 3,
  needs: ["answer"],
  judgeCalls: 1,
  help: "What a .prompty of the flow asks a judge for, on its own scale.",
  source: "the flow's own",
  revision: "1",
  options,
  factsFor(told) {
    const { scale = SCALE, direction = "higher" } = factsSchema.safeParse(told).data ?? {};
    return { scale, direction, threshold: (scale.min + scale.max) / 2 };
  },
  async measure(input, tools) {
    const why = unscorable(["answer"], input);
    if (why !== undefined) return { value: null, reason: why };
    const { judgePrompt } = input;
    if (judgePrompt === undefined)
      throw new PermanentError("The judge's prompt was not read from the suite.");
    const { scale = SCALE } = options.parse(input.options);
    let messages: ChatMessage[];
    try {
      messages = renderMessages(judgePrompt, inputsOf(judgePrompt, input));
    } catch (error) {
      if (!(error instanceof RenderError)) throw error;
      return { value: null, reason: `The judge's prompt cannot be rendered for this row: ${error.message}` };
    }
    const { tools: _tools, response_format: _format, ...parameters } = judgePrompt.parameters;
    const { model } = judgePrompt;
    return askJudge({ evaluator: CUSTOM_JUDGE, messages, scale, model, parameters }, tools.judge);
  },
};

/** What the prompt asks for, and nothing else: a history it does not use is none of its business. */
function inputsOf(prompt: Prompty, input: EvaluatorInput): Record<string, unknown> {
  const given: Record<(typeof JUDGE_INPUTS)[number], unknown> = {
    question: input.question,
    answer: input.answer,
    context: input.context,
    ground_truth: input.groundTruth ?? "",
    tool_calls: input.toolCalls ?? [],
  };
  const values: Record<string, unknown> = { ...input.fields, ...given };
  const names = [...templateOf(prompt).names, ...prompt.inputs].map(({ name }) => name);
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(values, name)).map((name) => [name, values[name]]),
  );
}
