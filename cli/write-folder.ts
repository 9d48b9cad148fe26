import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { CommandError } from "./command-error.ts";

/**
 * Writes a new folder. Throws `CommandError` where it holds anything already, unless `force` lets files of the same
 * names be replaced; other files stay.
 */
export async function writeFolder(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
  force: boolean | undefined,
): Promise<void> {
  await checkFree(folder, force);
  for (const [name, content] of files) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/**
 * Throws `CommandError` where the folder is a file, or holds something and nothing allows to replace it. `force` is
 * undefined for a command that never replaces anything.
 */
export async function checkFree(folder: string, force: boolean | undefined): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new CommandError(`${folder} is a file. Name a folder.`);
  });
  if (entries.length > 0 && force !== true) {
    const or = force === undefined ? "" : ", or replace its files of the same names with --force";
    throw new CommandError(`${folder} is not empty. Name another folder${or}.`);
  }
}
