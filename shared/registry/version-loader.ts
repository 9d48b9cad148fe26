import { knowledgeText, retrieveSources } from "../flow/knowledge-text.ts";
import type { LoadedFlow } from "../flow/load-flow.ts";
import { loadFlow } from "../flow/load-flow.ts";
import { readRecords } from "../flow/records.ts";
import type { EmbeddingModel } from "../ports/chat-model.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { knowledgeVectors } from "./knowledge-vectors.ts";
import { readVersion, readVersionFiles } from "./version-store.ts";

/** Makes a version ready to answer: files checked, prompt parsed, knowledge indexed. */
export type LoadVersion = (flow: string, version: string) => Promise<LoadedFlow>;

const KEPT = 16;

/** Keeps the versions used last in memory; one that is being loaded is loaded once however many ask. */
export function createVersionLoader(dependencies: {
  store: BlobStore;
  embeddingModel: EmbeddingModel;
}): LoadVersion {
  const loaded = new Map<string, Promise<LoadedFlow>>();
  return (flow, version) => {
    const name = `${flow}@${version}`;
    const known = loaded.get(name);
    loaded.delete(name);
    const loading = known ?? load(dependencies, flow, version);
    loaded.set(name, loading);
    loading.catch(() => {
      if (loaded.get(name) === loading) loaded.delete(name);
    });
    const oldest = loaded.keys().next();
    if (loaded.size > KEPT && !oldest.done) loaded.delete(oldest.value);
    return loading;
  };
}

async function load(
  { store, embeddingModel }: { store: BlobStore; embeddingModel: EmbeddingModel },
  flow: string,
  version: string,
): Promise<LoadedFlow> {
  const manifest = await readVersion(store, flow, version);
  const files = await readVersionFiles(store, manifest);
  const vectors = new Map<string, Float32Array[]>();
  for (const source of retrieveSources(manifest.definition)) {
    const texts = readRecords(source, files).records.map((record) => knowledgeText(record.value));
    vectors.set(
      source,
      await knowledgeVectors(store, embeddingModel, flow, texts, { flow, version, purpose: "step" }),
    );
  }
  return loadFlow(manifest.definition, files, vectors);
}
