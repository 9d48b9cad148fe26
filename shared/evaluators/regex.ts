import * as z from "zod";
import type { EvaluatorDefinition } from "./evaluator.ts";
import { linearPatterns } from "./load-later.ts";
import { unscorable } from "./unscorable.ts";

const pattern = z.string().min(1);
const options = z.strictObject({
  pattern: pattern
    .refine((text) => problemOf(text) === undefined, { error: ({ input }) => problemOf(String(input)) ?? "" })
    .optional()
    .describe("RE2 syntax: no look-around, no back-references. Without it, the row's field regex."),
  ignoreCase: z.boolean().default(false).describe("Whether case makes no difference."),
  absent: z.boolean().default(false).describe("Whether the answer must not match."),
});

/** Patterns run in linear time whatever they are, since flows are uploaded: RE2, not the engine of JavaScript. */
export const regex: EvaluatorDefinition = {
  name: "regex",
  kind: "text-overlap",
  scale: { min: 0, max: 1 },
  direction: "higher",
  threshold: 1,
  needs: ["answer"],
  help: "Whether a regular expression is found in the answer (1), or not (0).",
  source: "Flowgate",
  revision: "1",
  options,
  async measure(input) {
    const why = unscorable(["answer"], input);
    if (why !== undefined) return { value: null, reason: why };
    const told = options.parse(input.options);
    const text = told.pattern ?? pattern.safeParse(input.fields["regex"]).data;
    if (text === undefined) return { value: null, reason: "Neither the flow nor the row gives a pattern." };
    const problem = problemOf(text);
    if (problem !== undefined) return { value: null, reason: problem };
    const found = linearPatterns().compilePattern(text, told.ignoreCase)(input.answer);
    const reason = found ? "The pattern is found in it." : "The pattern is not found in it.";
    return { value: found === told.absent ? 0 : 1, reason };
  },
};

function problemOf(text: string): string | undefined {
  const problem = linearPatterns().patternProblem(text);
  return problem === undefined ? undefined : `The pattern cannot be read: ${problem}.`;
}
