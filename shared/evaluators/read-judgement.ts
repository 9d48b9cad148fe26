import { z } from "zod";

export interface Judgement {
  reason: string;
  /** 1 to 5, whole or decimal. */
  score: number;
}

const judgementSchema = z.object({
  score: z
    .union([
      z.number(),
      z
        .string()
        .trim()
        .regex(/^[0-9]+([.][0-9]+)?$/)
        .transform(Number),
    ])
    .pipe(z.number().min(1).max(5)),
  reason: z.string().optional().default(""),
});

/** The same for the judge model's structured output, in the subset of JSON Schema that services take. */
export const JUDGEMENT_JSON_SCHEMA = {
  type: "object",
  properties: {
    reason: { type: "string", description: "One or two sentences that say why." },
    score: { type: "integer", enum: [1, 2, 3, 4, 5] },
  },
  required: ["reason", "score"],
  additionalProperties: false,
};

/**
 * Reads a judge's answer: JSON, JSON in a code fence, or JSON with text around it. Returns undefined where there is
 * no score from 1 to 5 in it, or where it holds two different ones.
 */
export function readJudgement(text: string): Judgement | undefined {
  const judgements = jsonObjectsIn(text).flatMap((candidate) => {
    const parsed = judgementSchema.safeParse(candidate);
    return parsed.success ? [parsed.data] : [];
  });
  const [first] = judgements;
  return judgements.every((other) => other.score === first?.score) ? first : undefined;
}

/** Every outermost `{...}` of a text that is JSON. */
function jsonObjectsIn(text: string): unknown[] {
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
    return undefined;
  }
}
