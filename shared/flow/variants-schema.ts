import * as z from "zod";
import { suggestion } from "./nearest-name.ts";

/** The most alternatives of one axis. */
const MOST_ALTERNATIVES = 20;
/** What an alternative can be called: no spaces, no commas and no =, so that it can be chosen on a command line. */
export const ALTERNATIVE_NAME = /^[\w.:/@+-]{1,64}$/;

const text = z.string().min(1, "It is empty.");
const share = z.number().min(0).max(1);
const penalty = z.number().min(-2).max(2);
const limit = z.number().int().min(1);
const whole = z.number().int();

/** What can be varied: the prompt, the model, and what may stand among a prompt's parameters, of either dialect. */
const AXES = {
  prompt: { value: text, help: "Other .prompty files in place of the flow's own." },
  model: { value: text, help: "Other models or deployments." },
  temperature: { value: z.number().min(0).max(2), help: "Randomness, 0 to 2." },
  top_p: { value: share, help: "The share of probable words that is drawn from, 0 to 1." },
  topP: { value: share, help: "As top_p." },
  top_k: { value: limit, help: "How many probable words are drawn from." },
  topK: { value: limit, help: "As top_k." },
  min_p: { value: share, help: "How probable a word must be, 0 to 1." },
  max_tokens: { value: limit, help: "The longest answer, in tokens." },
  max_completion_tokens: { value: limit, help: "The longest answer with its reasoning, in tokens." },
  maxOutputTokens: { value: limit, help: "The longest answer, under the name the model takes." },
  frequency_penalty: { value: penalty, help: "Against repeating words often, -2 to 2." },
  frequencyPenalty: { value: penalty, help: "As frequency_penalty." },
  presence_penalty: { value: penalty, help: "Against repeating words at all, -2 to 2." },
  presencePenalty: { value: penalty, help: "As presence_penalty." },
  seed: { value: whole, help: "The seed of the model's choices." },
  stop: { value: z.union([text, z.array(text)]), help: "Where an answer ends." },
  stopSequences: { value: z.array(text), help: "As stop." },
  reasoning_effort: { value: text, help: "How long a reasoning model thinks: minimal, low, medium, high." },
  verbosity: { value: text, help: "How much the model writes: low, medium, high." },
  response_format: { value: z.record(z.string(), z.unknown()), help: "The form of the answer." },
  logit_bias: { value: z.record(z.string(), z.number()), help: "Words made more or less probable." },
  service_tier: { value: text, help: "The service's tier: auto, default, flex, priority." },
} as const satisfies Record<string, { value: z.ZodType; help: string }>;

export type AxisName = keyof typeof AXES;
const names = Object.keys(AXES) as AxisName[];
export const AXIS_NAMES: readonly string[] = names;

const few = { error: `An axis has at most ${MOST_ALTERNATIVES} alternatives.` };
const some = { error: "Name at least one alternative." };

function alternatives(value: z.ZodType): z.ZodType<Record<string, unknown> | unknown[]> {
  const byName = z
    .record(
      z.string().regex(ALTERNATIVE_NAME, "A name has letters, digits and . : / @ + - _ and no spaces."),
      value,
    )
    .refine((named) => Object.keys(named).length > 0, some)
    .refine((named) => Object.keys(named).length <= MOST_ALTERNATIVES, few);
  const listed = z.array(value).min(1, some).max(MOST_ALTERNATIVES, few);
  return z.union([byName, listed], { error: "Expected alternatives by name, or a list of them." });
}

export function unknownAxis(key: string): string {
  return `There is no parameter ${key} to vary.`;
}

export function isAxis(name: string): name is AxisName {
  return Object.hasOwn(AXES, name);
}

/** Whether a value can stand on an axis. */
export function fitsAxis(axis: AxisName, value: unknown): boolean {
  return AXES[axis].value.safeParse(value).success;
}

/** The `variants` of a `flow.yaml`: by axis, alternatives by name or as a list, whose values are then their names. */
export const variantsSchema = z.strictObject(
  Object.fromEntries(
    names.map((name) => [name, alternatives(AXES[name].value).optional().describe(AXES[name].help)]),
  ),
  {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return undefined;
      const keys = (issue as { keys?: string[] }).keys ?? [];
      return keys
        .slice(0, 100)
        .map((key) => `${unknownAxis(key)}|${suggestion(key, names, "axes")}`)
        .join("\n");
    },
  },
);
