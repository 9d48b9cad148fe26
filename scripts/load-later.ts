import { readFile } from "node:fs/promises";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..");
/** The file that names what is loaded later, and at once. */
export const LOAD_LATER = /shared[\\/]evaluators[\\/]load-later\.ts$/;
const FOLDER = "shared/evaluators";
const LOADED = /load\("(\.\/[^"]+\.ts)"\)/g;

/** The sources that it names, from the top of the repository. */
export async function loadedLater(): Promise<string[]> {
  const text = await readFile(path.join(ROOT, FOLDER, "load-later.ts"), "utf8");
  return [...text.matchAll(LOADED)].map(([, source = ""]) => path.posix.join(FOLDER, source));
}

/** The name of the file that is made of a source, beside the bundle. */
export function builtName(source: string): string {
  return `${path.posix.basename(source, ".ts")}.cjs`;
}

/** Its text, naming what is built in place of the sources. */
export async function withBuiltNames(file: string): Promise<string> {
  const text = await readFile(file, "utf8");
  return text.replaceAll(LOADED, (_, source: string) => `load("./${builtName(source)}")`);
}
