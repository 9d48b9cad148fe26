/**
 * Tokens as the stand-in counts them: a word of up to seven letters is one, a longer one is one for each six begun,
 * a run of digits one for each three, every other mark one. English prose comes to about four characters a token, as
 * with real tokenizers, but it is no model's own count.
 */
export function countTokens(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(/\p{L}+|\d+|[^\s\p{L}\d]/gu)) {
    if (/^\p{L}/u.test(piece)) tokens += piece.length <= 7 ? 1 : Math.ceil(piece.length / 6);
    else if (/^\d/.test(piece)) tokens += Math.ceil(piece.length / 3);
    else tokens += 1;
  }
  return tokens;
}
