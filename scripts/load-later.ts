import { readFile } from "node:fs/promises";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..");
/** The folders whose `load-later.ts` names what is loaded later, and at once. */
const FOLDERS = ["shared/adapters", "shared/evaluators"];
export const LOAD_LATER = /shared[\\/](adapters|evaluators)[\\/]load-later\.ts$/;
const LOADED = /load\("(\.\/[^"]+\.ts)"\)/g;

/** The sources that they name, from the top of the repository. */
export async function loadedLater(): Promise<string[]> {
  const named = FOLDERS.map(async (folder) => {
    const text = await readFile(path.join(ROOT, folder, "load-later.ts"), "utf8");
    return [...text.matchAll(LOADED)].map(([, source = ""]) => path.posix.join(folder, source));
  });
  return (await Promise.all(named)).flat();
}

/** The name of the file that is made of a source, beside the bundle. */
export function builtName(source: string): string {
  return `${path.posix.basename(source, ".ts")}.cjs`;
}

/** A file's text, naming what is built in place of the sources. */
export async function withBuiltNames(file: string): Promise<string> {
  const text = await readFile(file, "utf8");
  return text.replaceAll(LOADED, (_, source: string) => `load("./${builtName(source)}")`);
}
