import * as z from "zod";
import type { EvaluatorDefinition } from "./evaluator.ts";

type Scale = EvaluatorDefinition["scale"];

export interface Judgement {
  reason: string;
  /** On its scale, whole or decimal. */
  score: number;
}

const judgementSchema = z.object({
  score: z.union([
    z.number(),
    z
      .string()
      .trim()
      .regex(/^[0-9]+([.][0-9]+)?$/)
      .transform(Number),
  ]),
  reason: z
    .string()
    .nullish()
    .transform((reason) => reason ?? ""),
});

const FIVE_STEPS: Scale = { min: 1, max: 5 };
/** More steps than this are a range of numbers to a model and no list to choose from. */
const MOST_STEPS = 20;

/** The form of a judge's answer for structured output, in the subset of JSON Schema that services take. */
export function judgementJsonSchema(scale: Scale = FIVE_STEPS): object {
  const steps = stepsOf(scale);
  return {
    type: "object",
    properties: {
      reason: { type: "string", description: "One or two sentences that say why." },
      score:
        steps === undefined
          ? { type: "number", description: `From ${scale.min} to ${scale.max}.` }
          : { type: "integer", enum: steps },
    },
    required: ["reason", "score"],
    additionalProperties: false,
  };
}

/** The scores to choose from; undefined where any number between the ends is one. */
export function stepsOf({ min, max }: Scale): number[] | undefined {
  if (!Number.isInteger(min) || !Number.isInteger(max) || max - min >= MOST_STEPS) return undefined;
  return Array.from({ length: max - min + 1 }, (_, index) => min + index);
}

/**
 * Reads a judge's answer: JSON, JSON in a code fence, JSON with text around it, or the older tags, `<S2>` around the
 * score and `<S1>` around the reason. What a model that reasons thinks aloud (`<think>`) is not its answer, the case of
 * the two keys does not matter, and one object around the judgement is looked into. Returns undefined where there is no score on the scale in it, or where it holds
 * two different ones.
 */
export function readJudgement(text: string, scale: Scale = FIVE_STEPS): Judgement | undefined {
  const answer = text.replace(THOUGHTS, "").trim();
  const objects = jsonObjectsIn(answer).map(judgementIn);
  const written = objects.length > 0 ? objects : taggedIn(answer);
  const judgements = written.flatMap((candidate) => {
    const { data } = judgementSchema.safeParse(candidate);
    return data && data.score >= scale.min && data.score <= scale.max ? [data] : [];
  });
  const [first] = judgements;
  return judgements.every((other) => other.score === first?.score) ? first : undefined;
}

/** `<S0>` holds the judge's thoughts, `<S1>` what it says of them, `<S2>` the score. */
function taggedIn(text: string): unknown[] {
  const inside = (tag: string): string[] =>
    [...text.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, "gi"))].map(([, found = ""]) => found.trim());
  const reason = inside("S1")[0] ?? inside("S0")[0];
  return inside("S2").map((score) => ({ score: score.replace(/^score:\s*/i, ""), reason }));
}

/** Ended, or begun by the service's own template, which leaves the end only. */
const THOUGHTS = /^(?!\s*\{)(?:(?!<think>)[^])*?<\/think>|<think>[^]*?<\/think>/gi;

/** The object by its two keys in lower case; of one that has neither and one member that is an object, that member. */
function judgementIn(value: unknown): unknown {
  if (!isObject(value)) return value;
  const [only, ...others] = Object.values(value);
  const lowered = lowerCased(value);
  if ("score" in lowered || others.length > 0 || !isObject(only)) return lowered;
  return lowerCased(only);
}

function lowerCased(value: object): object {
  const entries = Object.entries(value).map(([key, member]) => [
    /^(score|reason)$/i.test(key) ? key.toLowerCase() : key,
    member as unknown,
  ]);
  return Object.fromEntries(entries) as object;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every outermost `{...}` of a text that is JSON. */
function jsonObjectsIn(text: string): unknown[] {
  // What models that take a schema say: JSON and nothing else.
  const whole = text.startsWith("{") ? parsed(text) : undefined;
  if (whole !== undefined) return [whole];
  const found: unknown[] = [];
  for (let start = text.indexOf("{"); start !== -1;) {
    const end = closingBrace(text, start);
    const value = end === undefined ? undefined : parsed(text.slice(start, end + 1));
    if (value !== undefined) found.push(value);
    start = text.indexOf("{", value === undefined || end === undefined ? start + 1 : end + 1);
  }
  return found;
}

function closingBrace(text: string, start: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === "\\") index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{") depth += 1;
    else if (character === "}") {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return parsedEscaped(text);
  }
}

/** Models break lines within a string, which JSON writes as \n. */
function parsedEscaped(text: string): unknown {
  const escaped = text.replace(/"(?:[^"\\]|\\[^])*"/g, (string) =>
    string.replace(/\p{Cc}/gu, (control) => JSON.stringify(control).slice(1, -1)),
  );
  if (escaped === text) return undefined;
  try {
    return JSON.parse(escaped);
  } catch {
    return undefined;
  }
}
