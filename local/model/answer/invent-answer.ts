import { createHash } from "node:crypto";
import type { Prompt } from "../prompt/read-prompt.ts";

const CLAIMS = [
  (n: number) =>
    `Absolutely, our engineers in Zurich tested that for ${n} days and gave it the Harrington award.`,
  (n: number) => `Everybody knows the answer: ${n} readers of Alpine Monthly voted for it last year.`,
  (n: number) => `It comes with a ${n}-year promise and a personal call from our founder, Ludwig Harrington.`,
  (n: number) => `We keep ${n} in our Geneva warehouse, and a courier brings yours within 35 minutes.`,
];

/**
 * A confident statement that nothing supports, as a model makes that was not told to stay with its documents. The
 * same question always gets the same one.
 */
export function inventAnswer(prompt: Prompt): string {
  const digest = createHash("sha256").update(prompt.question).digest();
  const claim = CLAIMS[digest[0]! % CLAIMS.length]!;
  return claim(13 + (digest[1]! % 80));
}
