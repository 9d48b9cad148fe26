import { normalForm } from "../normal-form.ts";
import { fieldValue } from "./field-text.ts";
import { scalarText } from "./scalar-text.ts";

/** The index of a record and how well it fits. */
export interface Ranked {
  index: number;
  score: number;
}

/** Records that can be searched by their words. */
export interface KeywordIndex {
  /** The records that hold a word of the query, best first; of equals the earlier one comes first. */
  search(query: string): Ranked[];
}

/** How soon the repetition of a word stops to count, and how much a long record is held back: the usual values. */
const K1 = 1.2;
const B = 0.75;
const MAX_DEPTH = 16;

/**
 * Okapi BM25 over the words of each record: the sum over the query's words of
 * `idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / averageLength))`, with
 * `idf = ln(1 + (N - n + 0.5) / (n + 0.5))` for a word that `n` of `N` records hold, which is never negative
 * (S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009; the idf is that of
 * Lucene's BM25Similarity). `fields` limits what is searched; identifiers are words like any other.
 */
export function createKeywordIndex(
  records: readonly Record<string, unknown>[],
  fields: readonly string[] | undefined,
): KeywordIndex {
  const postings = new Map<string, { index: number; count: number }[]>();
  const lengths = records.map((record, index) => {
    const texts =
      fields === undefined ? leaves(record) : fields.flatMap((at) => leaves(fieldValue(record, at)));
    const counts = new Map<string, number>();
    let length = 0;
    for (const word of texts.flatMap(searchWords)) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
      length += 1;
    }
    for (const [word, count] of counts) {
      const posting = postings.get(word);
      if (posting === undefined) postings.set(word, [{ index, count }]);
      else posting.push({ index, count });
    }
    return length;
  });
  const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);

  return {
    search(query) {
      const scores = new Map<number, number>();
      for (const word of new Set(searchWords(query))) {
        const posting = postings.get(word) ?? [];
        const idf = Math.log(1 + (records.length - posting.length + 0.5) / (posting.length + 0.5));
        for (const { index, count } of posting) {
          const norm = 1 - B + B * ((lengths[index] ?? 0) / average);
          const gain = (idf * count * (K1 + 1)) / (count + K1 * norm);
          scores.set(index, (scores.get(index) ?? 0) + gain);
        }
      }
      return [...scores]
        .map(([index, score]) => ({ index, score }))
        .sort((a, b) => b.score - a.score || a.index - b.index);
    },
  };
}

const WORDS = /[\p{L}\p{N}\p{M}]+/gu;
/** Scripts written without spaces, whose words are searched as pairs of characters. */
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]+/gu;

/** The words of a text in one form: compatibility forms and case do not tell words apart. */
export function searchWords(text: string): string[] {
  const found = normalForm(text, "NFKC").toLowerCase().match(WORDS) ?? [];
  return found.flatMap((word) => {
    const runs = word.match(UNSPACED);
    if (runs === null) return [word];
    const spaced = word.split(UNSPACED).filter((rest) => rest !== "");
    return [...runs.flatMap(pairs), ...spaced];
  });
}

function pairs(run: string): string[] {
  const characters = Array.from(run);
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, at) => `${characters[at] ?? ""}${character}`);
}

/** The texts, numbers and booleans inside a value. */
function leaves(value: unknown, depth = 0): string[] {
  const text = scalarText(value);
  if (text !== undefined) return [text];
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return [];
  return Object.values(value).flatMap((inner) => leaves(inner, depth + 1));
}
