import * as z from "zod";
import { normalForm } from "../normal-form.ts";
import type { EvaluatorDefinition } from "./evaluator.ts";
import { unscorable } from "./unscorable.ts";

const texts = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
const options = z.strictObject({
  text: texts
    .optional()
    .describe(
      "What the answer must hold: a text, or a list. Without it, the row's field contains, or ground_truth.",
    ),
  any: z.boolean().default(false).describe("Whether one text of the list is enough."),
  absent: z.boolean().default(false).describe("Whether the answer must not hold it."),
  ignoreCase: z.boolean().default(true).describe("Whether case makes no difference."),
});

/** Checks for texts. With several, the value is the share that is as it should be; with `any`, 1 or 0. */
export const contains: EvaluatorDefinition = {
  name: "contains",
  kind: "text-overlap",
  scale: { min: 0, max: 1 },
  direction: "higher",
  threshold: 1,
  needs: ["answer"],
  help: "Whether the answer holds the texts that it must hold, or none that it must not.",
  source: "Flowgate",
  revision: "1",
  options,
  async measure(input) {
    const why = unscorable(["answer"], input);
    if (why !== undefined) return { value: null, reason: why };
    const { text, any, absent, ignoreCase } = options.parse(input.options);
    const wanted = [text ?? texts.safeParse(input.fields["contains"]).data ?? input.groundTruth ?? []].flat();
    if (wanted.length === 0) {
      return { value: null, reason: "Neither the flow nor the row says what the answer must hold." };
    }
    const folded = (value: string): string => normalForm(ignoreCase ? value.toLowerCase() : value, "NFKC");
    const answer = folded(input.answer);
    const wrong = wanted.filter((item) => answer.includes(folded(item)) === absent);
    const right = wanted.length - wrong.length;
    const value = any ? Math.min(right, 1) : right / wanted.length;
    if (value === 1) return { value, reason: absent ? "It holds none of it." : "It holds it." };
    const listed = wrong.map((item) => JSON.stringify(item)).join(", ");
    return { value, reason: `${absent ? "It holds" : "It lacks"} ${listed}.` };
  },
};
