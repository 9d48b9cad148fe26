import { access, appendFile, readFile } from "node:fs/promises";
import path from "node:path";

const ENTRY = ".flowgate/";

/**
 * Keeps the platform's data out of commits: adds `.flowgate/` to the `.gitignore` of the repository that `folder` is
 * in, and returns that file; undefined where it is ignored already. Outside of a repository the folder gets its own.
 */
export async function ignoreData(folder: string): Promise<string | undefined> {
  const file = path.join((await repositoryAbove(path.resolve(folder))) ?? path.resolve(folder), ".gitignore");
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  if (/^\/?\.flowgate\/?\s*$/m.test(text)) return undefined;
  await appendFile(file, `${text === "" || text.endsWith("\n") ? "" : "\n"}${ENTRY}\n`);
  return file;
}

async function repositoryAbove(folder: string): Promise<string | undefined> {
  const found = await access(path.join(folder, ".git")).then(
    () => true,
    () => false,
  );
  if (found) return folder;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : repositoryAbove(parent);
}
