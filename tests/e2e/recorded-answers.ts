import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { cachePath } from "../../shared/registry/paths.ts";

/** How many answers of a flow's runs are stored by now, so that none of them may be asked for again. */
export async function recordedAnswers(store: BlobStore, flow: string): Promise<number> {
  const keys = new Set<string>();
  for await (const { name } of store.list("cache", cachePath.allResults(flow))) {
    const blob = await store.read("cache", name);
    for (const line of blob?.body.toString("utf8").split("\n") ?? []) {
      if (line === "") continue;
      const { key, value } = JSON.parse(line) as { key: string; value: object };
      if ("answer" in value) keys.add(key);
    }
  }
  return keys.size;
}
