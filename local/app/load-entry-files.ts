import { glob } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const load = createRequire(import.meta.url);

/**
 * Imports an app's entry files, pattern by pattern, each pattern's files in name order: ES modules, CommonJS and
 * TypeScript alike. Throws an error that names the file that could not be loaded, or the pattern that matches none.
 */
export async function loadEntryFiles(folder: string, patterns: string[]): Promise<void> {
  for (const pattern of patterns) {
    const files: string[] = [];
    for await (const file of glob(pattern, { cwd: folder })) files.push(file);
    if (files.length === 0) throw new Error(`No entry file matches "${pattern}" in ${folder}.`);
    for (const file of files.sort()) {
      try {
        // As Azure's worker: an import would read a bundle of megabytes twice.
        if (file.endsWith(".cjs")) load(join(folder, file));
        else await import(pathToFileURL(join(folder, file)).href);
      } catch (cause) {
        const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
        throw new Error(`Entry file ${file} could not be loaded: ${reason}`, { cause });
      }
    }
  }
}
