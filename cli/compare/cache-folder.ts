import { randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import { access, appendFile, mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { BlobBody, BlobStore } from "../../shared/ports/blob-store.ts";

/** As much of a blob store as recorded answers and vectors need. */
export type CacheStore = Pick<BlobStore, "read" | "create" | "write" | "createEmpty" | "append">;

/**
 * Keeps what was paid for in `compare/` of the data folder: of the one that `current` or a folder above it has, else
 * of `current`.
 */
export async function openCacheFolder(dataFolder: string, current: string): Promise<CacheStore> {
  const root = path.join(await nearestDataFolder(dataFolder, current), "compare");
  const fileOf = (container: string, name: string): string => path.join(root, container, ...name.split("/"));
  const create: CacheStore["create"] = async (container, name, body) => {
    const file = fileOf(container, name);
    await mkdir(path.dirname(file), { recursive: true });
    try {
      await writeFile(file, contentOf(body), { flag: "wx" });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  };
  return {
    async read(container, name) {
      const file = fileOf(container, name);
      try {
        const [body, facts] = await Promise.all([readFile(file), stat(file)]);
        return { body, etag: etagOf(facts), lastModified: facts.mtime };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
    create,
    createEmpty: (container, name) => create(container, name, ""),
    async write(container, name, body) {
      const file = fileOf(container, name);
      await mkdir(path.dirname(file), { recursive: true });
      // Moved into its place whole, so that another comparison never reads half of it.
      const written = `${file}.${randomUUID()}`;
      await writeFile(written, contentOf(body));
      await rename(written, file);
      return etagOf(await stat(file));
    },
    async append(container, name, body) {
      const file = fileOf(container, name);
      await mkdir(path.dirname(file), { recursive: true });
      await appendFile(file, body);
    },
  };
}

function contentOf(body: BlobBody): Exclude<BlobBody, () => unknown> | Iterable<Uint8Array> {
  return typeof body === "function" ? body() : body;
}

function etagOf({ mtimeMs, size }: Stats): string {
  return `${mtimeMs}-${size}`;
}

async function nearestDataFolder(dataFolder: string, current: string): Promise<string> {
  const start = path.resolve(current);
  for (let folder = start; ; folder = path.dirname(folder)) {
    const found = path.resolve(folder, dataFolder);
    if (
      await access(found).then(
        () => true,
        () => false,
      )
    )
      return found;
    if (folder === path.dirname(folder)) return path.resolve(start, dataFolder);
  }
}
