import { readdir, stat } from "node:fs/promises";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Whether what was built is missing, or older than one of its sources: files and folders from the top of the repository. */
export async function isOld(built: string, sources: string[]): Promise<boolean> {
  const changes = await Promise.all(sources.map((source) => newestIn(path.join(ROOT, source))));
  return Math.max(...changes) >= (await changedAt(built));
}

async function newestIn(place: string): Promise<number> {
  const entries = await readdir(place, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const times = files.map((entry) => changedAt(path.join(entry.parentPath, entry.name)));
  return Math.max(await changedAt(place), ...(await Promise.all(times)));
}

/** In milliseconds; 0 for what is not there. */
async function changedAt(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  return found?.mtimeMs ?? 0;
}
