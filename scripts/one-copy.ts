import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Plugin } from "esbuild";

/** The family whose packages name each other by exact versions, so that npm installs ten copies of some. */
const FAMILY = "@opentelemetry/";
const IN_FAMILY = /^@opentelemetry\//;

interface Lockfile {
  packages: Record<string, { version?: string }>;
}

/**
 * Takes the newest copy of each OpenTelemetry package wherever its versions promise to be compatible: what Azure
 * Monitor, the exporters and we name exactly differs by minor versions, and every copy is memory for as long as the app
 * runs. `root`: the folder of `package-lock.json`, which says what is installed where.
 */
export function oneCopy(root: string): Plugin {
  return {
    name: "one copy",
    async setup({ onResolve, resolve }) {
      const lockfile = JSON.parse(await readFile(path.join(root, "package-lock.json"), "utf8")) as Lockfile;
      const chosen = newestCopies(lockfile);
      onResolve({ filter: IN_FAMILY }, async ({ path: wanted, pluginData, ...from }) => {
        if (pluginData === oneCopy) return undefined;
        const found = await resolve(wanted, { ...from, pluginData: oneCopy });
        const [folder, file] = split(path.relative(root, found.path));
        const copy = chosen.get(folder);
        return copy === undefined ? found : { ...found, path: path.join(root, copy, file) };
      });
    },
  };
}

/** Of each folder with an OpenTelemetry package, the folder of the newest that can stand for it, which may be itself. */
export function newestCopies({ packages }: Lockfile): Map<string, string> {
  const copies = new Map<string, { folder: string; version: string }[]>();
  for (const [folder, { version }] of Object.entries(packages)) {
    const name = nameOf(folder);
    if (version === undefined || !name.startsWith(FAMILY)) continue;
    const compatible = `${name}@${compatibleOf(version)}`;
    copies.set(compatible, [...(copies.get(compatible) ?? []), { folder, version }]);
  }
  const newest = new Map<string, string>();
  for (const same of copies.values()) {
    const best = same.reduce((one, other) => (isNewer(other.version, one.version) ? other : one));
    for (const { folder } of same) newest.set(folder, best.folder);
  }
  return newest;
}

/** The part of a version within which nothing breaks, as semantic versioning has it. */
function compatibleOf(version: string): string {
  const [major, minor] = version.split(".");
  return major === "0" ? `0.${minor}` : `${major}`;
}

function isNewer(version: string, than: string): boolean {
  return version.localeCompare(than, "en", { numeric: true }) > 0;
}

function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
}

/** A package's folder and the file in it. */
function split(file: string): [folder: string, file: string] {
  const parts = file.split(path.sep);
  const end = parts.lastIndexOf("node_modules") + 3;
  return [parts.slice(0, end).join("/"), parts.slice(end).join("/")];
}
