import { ModelError } from "../../errors.ts";
import type { CallContext, EmbeddingModel } from "../../ports/chat-model.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Settings } from "../../settings.ts";
import { createCallLimiter } from "../call-limiter.ts";
import { OPERATION_EMBEDDINGS } from "../../model/telemetry-names.ts";
import { retryModelCall } from "../retry-model-call.ts";
import { startModelCall, type ModelCallSpan } from "./model-call-span.ts";
import { createModelClient } from "./model-client.ts";
import { modelErrorOf } from "./model-error-of.ts";

const BATCH_SIZE = 256;
const REMEMBERED_QUERIES = 1_000;

/** Where a service does not count them. */
const LETTERS_A_TOKEN = 4;

/**
 * Embeddings of the same services as `createChatModel`. Texts go in batches of 256 at most; vectors have length 1.
 * The last 1,000 single texts (queries) are remembered, as people ask the same again. Throws `ModelError`.
 */
export function createEmbeddingModel(
  settings: Pick<Settings, "model"> & Partial<Pick<Settings, "prices">>,
  telemetry: Telemetry,
  clock: Clock,
): EmbeddingModel {
  const client = createModelClient(settings.model.connection);
  const limiter = createCallLimiter(settings.model.concurrency, clock);
  const name = settings.model.embedding;
  const remembered = new Map<string, Float32Array>();

  async function embedBatch(texts: string[], context: CallContext): Promise<Float32Array[]> {
    let span: ModelCallSpan | undefined;
    const call = async (attempt: number): Promise<Float32Array[]> => {
      span ??= startModelCall(telemetry, clock, client, OPERATION_EMBEDDINGS, name, context, settings.prices);
      span.attempted(attempt);
      try {
        const reply = await client.openai.embeddings.create(
          // The service refuses an empty text; a space means as little.
          { model: name, input: texts.map((text) => text || " "), encoding_format: "base64" },
          { signal: context.signal },
        );
        const vectors = inOrder(reply.data ?? [], texts.length);
        const usage = reply.usage && { inputTokens: reply.usage.prompt_tokens, outputTokens: 0 };
        const letters = texts.reduce((sum, text) => sum + text.length, 0);
        const guess = { inputTokens: Math.ceil(letters / LETTERS_A_TOKEN), outputTokens: 0 };
        const told = usage ? { usage } : { usage: guess, estimated: true as const };
        context.onUsage?.({ kind: "embedding", model: reply.model, ...told });
        span.succeeded({ model: reply.model, usage });
        return vectors;
      } catch (error) {
        const failure = modelErrorOf(error, context.signal);
        span.attemptFailed(failure);
        throw failure;
      }
    };
    try {
      const { result, release } = await retryModelCall(call, { limiter, deployment: name, context, clock });
      release();
      return result;
    } catch (error) {
      const failure = modelErrorOf(error, context.signal);
      span?.failed(failure);
      throw failure;
    }
  }

  return {
    name,
    async embed(texts, context) {
      const [only] = texts;
      if (texts.length === 1 && only !== undefined) {
        const known = remembered.get(only) ?? (await embedBatch(texts, context))[0];
        if (known) remember(remembered, only, known);
        return known ? [known] : [];
      }
      const batches: string[][] = [];
      for (let start = 0; start < texts.length; start += BATCH_SIZE) {
        batches.push(texts.slice(start, start + BATCH_SIZE));
      }
      return (await Promise.all(batches.map((batch) => embedBatch(batch, context)))).flat();
    },
  };
}

/** Last used, last to go. */
function remember(vectors: Map<string, Float32Array>, text: string, vector: Float32Array): void {
  vectors.delete(text);
  vectors.set(text, vector);
  if (vectors.size <= REMEMBERED_QUERIES) return;
  const [oldest] = vectors.keys();
  if (oldest !== undefined) vectors.delete(oldest);
}

/** The service may answer out of order, and some servers answer numbers where base64 was asked. */
function inOrder(items: { index: number; embedding: unknown }[], expected: number): Float32Array[] {
  if (items.length !== expected) {
    const message = `The embedding model answered ${items.length} vectors for ${expected} texts.`;
    throw new ModelError(message, { kind: "empty" });
  }
  return items.toSorted((a, b) => a.index - b.index).map(({ embedding }) => unitVector(embedding));
}

function unitVector(embedding: unknown): Float32Array {
  const bytes = typeof embedding === "string" ? Buffer.from(embedding, "base64") : undefined;
  const vector = bytes
    ? Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readFloatLE(index * 4))
    : Float32Array.from(embedding as number[]);
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (!Number.isFinite(length) || length === 0) {
    throw new ModelError("The embedding model answered a vector without direction.", { kind: "empty" });
  }
  return vector.map((value) => value / length);
}
