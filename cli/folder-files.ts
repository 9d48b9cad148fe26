import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { pathProblem } from "../shared/flow/flow-paths.ts";
import type { FlowFiles } from "../shared/model/flow.ts";

const MAX_FILE_BYTES = 32 * 1024 * 1024;
const MAX_NAMES = 2000;
const MAX_DEPTH = 6;

/**
 * The files of a folder, read when they are asked for: a prompt on its own may lie beside anything. What starts with a
 * dot, leaves the folder (also by a link), is no regular file or is larger than 32 MB is not there; `whyRefused` tells.
 */
export function folderFiles(folder: string): FlowFiles {
  const root = realpathSync(folder);
  const known = new Map<string, Uint8Array | undefined>();
  const read = (name: string): Uint8Array | undefined => {
    if (pathProblem(name) !== undefined || name.split("/").some((part) => part.startsWith(".")))
      return undefined;
    try {
      const real = realpathSync(path.join(root, name));
      const facts = statSync(real);
      const inside = real.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
      return inside && facts.isFile() && facts.size <= MAX_FILE_BYTES ? readFileSync(real) : undefined;
    } catch {
      return undefined;
    }
  };
  const get = (name: string): Uint8Array | undefined => {
    if (!known.has(name)) known.set(name, read(name));
    return known.get(name);
  };
  let listed: string[] | undefined;
  const names = (): string[] => (listed ??= namesIn(root));
  function* entries(): MapIterator<[string, Uint8Array]> {
    for (const name of names()) {
      const bytes = get(name);
      if (bytes !== undefined) yield [name, bytes];
    }
    return undefined;
  }
  function* values(): MapIterator<Uint8Array> {
    for (const [, bytes] of entries()) yield bytes;
    return undefined;
  }
  const whyRefused = (name: string): string | undefined => {
    const written = path.join(root, name);
    const facts = lstatSync(written, { throwIfNoEntry: false });
    if (facts?.isSymbolicLink() === true || !leadsInside(root, path.dirname(written))) {
      return "is reached by a link that leads nowhere or out of the prompt's folder: links are not followed there";
    }
    if (facts?.isFile() === true && facts.size > MAX_FILE_BYTES) return "is larger than 32 MB";
    return facts === undefined ? undefined : "is no file that a prompt may read";
  };
  return {
    whyRefused,
    get,
    has: (name) => get(name) !== undefined,
    keys: () => names().values(),
    entries,
    values,
    forEach(visit) {
      for (const [name, bytes] of entries()) visit(bytes, name, this);
    },
    get size() {
      return names().length;
    },
    [Symbol.iterator]: entries,
  };
}

function leadsInside(root: string, folder: string): boolean {
  try {
    const real = realpathSync(folder);
    return real === root || real.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
  } catch {
    return true;
  }
}

/** The names of the files in a folder and below, nearest first, up to a number that is quickly found. */
function namesIn(root: string): string[] {
  const names: string[] = [];
  let level = [""];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth += 1) {
    const below: string[] = [];
    for (const folder of level) {
      for (const entry of entriesOf(path.join(root, folder))) {
        if (names.length >= MAX_NAMES) return names;
        if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
        const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory()) below.push(name);
        else names.push(name);
      }
    }
    level = below.slice(0, MAX_NAMES);
  }
  return names;
}

function entriesOf(folder: string): ReturnType<typeof readEntries> {
  try {
    return readEntries(folder);
  } catch {
    return [];
  }
}

function readEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}
