import type { CallContext, EmbeddingModel } from "../ports/chat-model.ts";

/** A query's vector, none for an empty one, and how long the call waited for a place among ours. */
export type QueryEmbedder = (text: string) => Promise<{ vector: Float32Array | undefined; waitedMs: number }>;

/** Embeds the queries of one turn, each once however many steps share it. */
export function embedQueries(model: EmbeddingModel, call: CallContext): QueryEmbedder {
  const embedded = new Map<string, ReturnType<QueryEmbedder>>();
  const embed: QueryEmbedder = async (text) => {
    let waitedMs = 0;
    const onWait = (ms: number): void => {
      waitedMs += ms;
    };
    const [vector] = text === "" ? [] : await model.embed([text], { ...call, onWait });
    return { vector, waitedMs };
  };
  return (text) => {
    const known = embedded.get(text) ?? embed(text);
    embedded.set(text, known);
    return known;
  };
}
