import { vectorSets, vectorTexts } from "../flow/knowledge-text.ts";
import type { LoadedFlow } from "../flow/load-flow.ts";
import { loadFlow } from "../flow/load-flow.ts";
import type { FlowFiles } from "../model/flow.ts";
import type { VersionManifest } from "../model/version.ts";
import type { CallContext, EmbeddingModel } from "../ports/chat-model.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { knowledgeVectors, type VectorStore } from "./knowledge-vectors.ts";
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
  return loadFiles(manifest.definition, files, { store, embeddingModel }, { flow, version, purpose: "step" });
}

/** Makes a version's files ready to answer. Vectors of its knowledge are computed once and kept in `store`. */
export async function loadFiles(
  definition: VersionManifest["definition"],
  files: FlowFiles,
  { store, embeddingModel }: { store: VectorStore; embeddingModel: EmbeddingModel },
  call: CallContext,
): Promise<LoadedFlow> {
  const vectors = new Map<string, Float32Array[]>();
  for (const set of vectorSets(definition)) {
    const texts = vectorTexts(set, files);
    vectors.set(set.key, await knowledgeVectors(store, embeddingModel, call.flow, texts, call));
  }
  return loadFlow(definition, files, vectors);
}
