import { createHash } from "node:crypto";
import type { Prompt } from "../prompt/read-prompt.ts";

const CLAIMS = [
  (n: number) => `Our engineers in Zurich tested it for ${n} days, and 9 of 10 testers gave it a gold award.`,
  (n: number) => `It was voted product of the year by ${n} readers of Alpine Monthly.`,
  (n: number) =>
    `Everything comes with a ${n}-year promise and a personal call from our founder, Mr Harrington.`,
  (n: number) => `We have ${n} of them in our Geneva warehouse, and a courier brings it within 35 minutes.`,
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
