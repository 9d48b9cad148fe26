import * as z from "zod";
import { normalForm } from "../normal-form.ts";
import { rougePackage } from "./load-later.ts";
import { textOverlap } from "./text/text-overlap.ts";

const options = z.strictObject({
  variant: z
    .enum(["rouge1", "rouge2", "rougeL"])
    .default("rougeL")
    .describe("What is shared: single words, pairs of words, or the longest sequence of words in order."),
});

export const rouge = textOverlap({
  name: "rouge",
  help: "How much of the words, pairs of words or word order the answer shares with the expected answer (F1).",
  source: "Azure AI Evaluation, RougeScoreEvaluator; Lin 2004",
  revision: "1",
  options,
  compare(answer, expected, written) {
    const { variant } = options.parse(written);
    const value = rougeScore(variant, answer, expected);
    if (value === undefined) return { value: null, reason: "The row's ground_truth holds no words." };
    return { value, reason: `${variant} ${value.toFixed(3)} against the expected answer.` };
  },
});

/**
 * ROUGE's F1 (Lin 2004), of words as Google's `rouge_score` takes them: lower case, letters and digits, no stemming,
 * the text as one sentence. Undefined where the expected text has no words.
 */
export function rougeScore(
  variant: "rouge1" | "rouge2" | "rougeL",
  answer: string,
  expected: string,
): number | undefined {
  const given = wordsOf(answer);
  const truth = wordsOf(expected);
  const least = variant === "rouge2" ? 2 : 1;
  if (truth.length < least) return undefined;
  if (given.length < least) return 0;
  const texts = [given.join(" "), truth.join(" ")] as const;
  const { longestSequence, sharedSequences } = rougePackage();
  const value =
    variant === "rougeL"
      ? longestSequence(...texts, { tokenizer: wordsOf, segmenter: (text) => [text] })
      : sharedSequences(...texts, { n: least, tokenizer: wordsOf });
  return Number.isFinite(value) ? value : 0;
}

function wordsOf(text: string): string[] {
  return (
    normalForm(text, "NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}
