import { mkdir, readdir, readFile, rename, rm, utimes } from "node:fs/promises";
import path from "node:path";

/**
 * Makes the folder `to` hold what `from` holds, and touches no file that is there already: two that build the same at
 * the same time do not disturb each other, nor whoever reads what the first one built. The folder's own time is when that
 * was, whatever changed in it.
 */
export async function putInPlace(from: string, to: string): Promise<void> {
  const made = await filesIn(from);
  for (const file of made) {
    const [wanted, present] = [path.join(from, file), path.join(to, file)];
    const before = await readFile(present).catch(() => undefined);
    if (before?.equals(await readFile(wanted))) continue;
    await mkdir(path.dirname(present), { recursive: true });
    await rename(wanted, present);
  }
  for (const file of await filesIn(to)) {
    if (!made.includes(file)) await rm(path.join(to, file), { force: true });
  }
  const now = new Date();
  await utimes(to, now, now);
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}
