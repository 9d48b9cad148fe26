import { expect, test } from "vitest";
import { tokensOf } from "../../../shared/evaluators/text/tokens.ts";

/** What NLTK 3.8's word tokenizer makes of the same sentences. */
test.each<[sentence: string, tokens: string]>([
  ["It's red.", "It 's red ."],
  ["I can't won't don't gonna cannot", "I ca n't wo n't do n't gon na can not"],
  [
    'He said "hi" (ok) -- 3.5% of $12,000.50, e.g. U.S. stuff...',
    "He said `` hi '' ( ok ) -- 3.5 % of $ 12,000.50 , e.g. U.S. stuff ...",
  ],
  ["the dogs' toys; Bob's-car O'Neil, isn't it?", "the dogs ' toys ; Bob's-car O'Neil , is n't it ?"],
  ["'Tis 'good', she'll say: \"no!\"", "'T is 'good ' , she 'll say : `` no ! ''"],
  [
    "A tent (2.5 kg) costs $249, or 10% less; isn't that great?",
    "A tent ( 2.5 kg ) costs $ 249 , or 10 % less ; is n't that great ?",
  ],
  ["Wait... what?! [see note] {a} <b>", "Wait ... what ? ! [ see note ] { a } < b >"],
  ["I'd've been there at 9:30, they're gone.", "I'd 've been there at 9:30 , they 're gone ."],
  ["Rock 'n' roll in the '90s.", "Rock 'n ' roll in the '90s ."],
  ["Visit contoso.com/x?y=1 or mail a@b.com.", "Visit contoso.com/x ? y=1 or mail a @ b.com ."],
  ["''quoted'' and ``back''", "'' quoted '' and `` back ''"],
  ["It costs 1,299.00.", "It costs 1,299.00 ."],
  ["gimme more'n that, d'ye hear", "gim me more 'n that , d 'ye hear"],
  ["a.b.c. d", "a.b.c. d"],
])("%s", (sentence, tokens) => {
  expect(tokensOf(sentence).join(" ")).toBe(tokens);
});

test("every sentence gives up its full stop, an abbreviation none", () => {
  expect(tokensOf("It is red. The box, by Dr. Blue, is not.")).toEqual(
    "It is red . The box , by Dr. Blue , is not .".split(" "),
  );
});

test("typographic quotes are the plain ones", () => {
  expect(tokensOf("It’s “red”.")).toEqual(tokensOf('It\'s "red".'));
});

test("long texts take time in proportion", () => {
  for (const piece of [".)", "'", '"', "a. ", ". ", "x.)", "``"]) {
    expect(tokensOf(piece.repeat(20_000)).length).toBeGreaterThan(0);
  }
});
