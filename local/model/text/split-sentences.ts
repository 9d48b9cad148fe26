/** Words whose full stop ends no sentence. */
const ABBREVIATION = /(?:^|[\s(])(?:e\.g|i\.e|approx|mr|mrs|ms|dr|st|no|vs|inc|ltd|etc|max|min|fig)\.$/i;
/** Where a sentence may end: a mark, perhaps a closing quote, then space and something that opens a sentence. */
const BOUNDARY = /(?<=[.!?]["')\]]?)\s+(?=["'([*]*[A-Z0-9])/;
const LIST_MARK = /^\s*(?:[-*•]|\d{1,2}[.)])\s+/;

/** Splits text into sentences. A line break ends one too, and list marks are dropped. Never returns empty ones. */
export function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    let carried = "";
    for (const piece of line.replace(LIST_MARK, "").split(BOUNDARY)) {
      const sentence = carried ? `${carried} ${piece}` : piece;
      carried = ABBREVIATION.test(sentence) ? sentence : "";
      if (!carried && sentence.trim()) sentences.push(sentence.trim());
    }
    if (carried.trim()) sentences.push(carried.trim());
  }
  return sentences;
}
