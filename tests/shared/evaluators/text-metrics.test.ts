import { expect, test } from "vitest";
import { bleuScore } from "../../../shared/evaluators/bleu.ts";
import { gleuScore } from "../../../shared/evaluators/gleu.ts";
import { editDistance } from "../../../shared/evaluators/levenshtein.ts";
import { meteorScore } from "../../../shared/evaluators/meteor.ts";
import { rougeScore } from "../../../shared/evaluators/rouge.ts";

const words = (text: string): string[] => text.split(" ");

/**
 * Computed with NLTK 3.8: `sentence_bleu` with smoothing method 4, `sentence_gleu`, and `single_meteor_score` with a
 * WordNet that knows no synonyms. The first pair is the example of Papineni et al. (2002), for whose METEOR NLTK's
 * documentation states 0.6944.
 */
test.each([
  [
    "It is a guide to action which ensures that the military always obeys the commands of the party",
    "It is a guide to action that ensures that the military will forever heed Party commands",
    [0.41180376356915777, 0.4393939393939394, 0.6944444444444445],
  ],
  [
    "the cat sat on mat",
    "the cat is on the mat",
    [0.11801586795186178, 0.2777777777777778, 0.3389830508474576],
  ],
  [
    "The tents weigh two kilograms and pitch quickly",
    "The tent weighs two kilograms and it pitches quickly",
    [0.16552841185194125, 0.26666666666666666, 0.8918539325842695],
  ],
  [
    "he read the book because he was interested in world history",
    "he was interested in world history because he read the book",
    [0.7400828044922853, 0.7894736842105263, 0.9759579263711495],
  ],
  ["cat", "cat", [1, 1, 0.5]],
  ["red", "blue", [0, 0, 0]],
  ["a b", "a c", [0.06754436142034707, 0.3333333333333333, 0.25]],
  ["the the the the", "the cat", [0.061033220311973134, 0.1, 0.22727272727272727]],
])("BLEU, GLEU and METEOR of %j against %j", (given, expected, [bleu = 0, gleu = 0, meteor = 0]) => {
  expect(bleuScore(words(given), words(expected))).toBeCloseTo(bleu, 9);
  expect(gleuScore(words(given), words(expected))).toBeCloseTo(gleu, 9);
  expect(meteorScore(words(given), words(expected))).toBeCloseTo(meteor, 9);
});

test("nothing given or nothing expected scores 0", () => {
  for (const score of [bleuScore, gleuScore, meteorScore]) {
    expect(score([], ["cat"])).toBe(0);
    expect(score(["cat"], [])).toBe(0);
  }
});

// The example in the documentation of Google's rouge_score, and "police killed the gunman" of Lin (2004), section 3.1.
test.each([
  ["rouge1", "The quick brown dog jumps on the log.", "The quick brown fox jumps over the lazy dog", 12 / 17],
  ["rougeL", "The quick brown dog jumps on the log.", "The quick brown fox jumps over the lazy dog", 10 / 17],
  ["rougeL", "police kill the gunman", "police killed the gunman", 0.75],
  ["rougeL", "the gunman kill police", "police killed the gunman", 0.5],
  ["rouge2", "the gunman kill police", "police killed the gunman", 1 / 3],
  ["rouge1", "nothing in common", "entirely different words", 0],
] as const)("%s of %j against %j", (variant, given, expected, value) => {
  expect(rougeScore(variant, given, expected)).toBeCloseTo(value, 9);
});

test("ROUGE has no value where the expected answer has no words", () => {
  expect(rougeScore("rougeL", "words", "...")).toBeUndefined();
  expect(rougeScore("rouge1", "...", "words")).toBe(0);
});

// The examples of Wagner and Fischer's problem that every textbook has.
test.each([
  ["kitten", "sitting", 3],
  ["Saturday", "Sunday", 3],
  ["", "abc", 3],
  ["same", "same", 0],
  ["👍🏽 ok", "👍🏽 no", 2],
])("the distance from %j to %j is %d", (one, other, distance) => {
  expect(editDistance(Array.from(one), Array.from(other))).toBe(distance);
});
