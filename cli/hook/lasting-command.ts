import { access, readFile, realpath } from "node:fs/promises";
import path from "node:path";
import packageFacts from "../../package.json" with { type: "json" };
import { quoted } from "./hook-script.ts";

/** What `npx` notes of the packages in a folder of its cache. */
interface CachedPackages {
  dependencies?: Record<string, string>;
}

/**
 * How a hook, which git runs in `root`, calls the command for as long as it is there: the project's own, else what this
 * call was made by. Of `npx` that is the package it was given, because its cache is emptied at times.
 */
export async function lastingCommand(root: string, folder: string, script: string): Promise<string> {
  const own = await ownCommand(root, folder);
  if (own !== undefined) return quoted(own);
  const file = await realpath(script);
  const cache = /^(.*[/\\]_npx[/\\][^/\\]+)[/\\]/.exec(file)?.[1];
  if (cache === undefined) return `node ${quoted(file)}`;
  return `npx --yes --package ${quoted(await packageIn(cache))} flowgate`;
}

/** `node_modules/.bin/flowgate` of the nearest folder between the two that has one, from the root. */
async function ownCommand(root: string, folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = path.dirname(at)) {
    const below = path.relative(root, at);
    if (below.startsWith("..") || path.isAbsolute(below)) return undefined;
    const command = path.join(below, "node_modules/.bin/flowgate");
    const isThere = await access(path.join(root, command)).then(
      () => true,
      () => false,
    );
    if (isThere) return `./${command.split(path.sep).join("/")}`;
  }
}

/** A tarball by its place; from a registry this very version, so that no later one runs unasked. */
async function packageIn(cache: string): Promise<string> {
  const text = await readFile(path.join(cache, "package.json"), "utf8").catch(() => "{}");
  const wanted = (JSON.parse(text) as CachedPackages).dependencies?.["flowgate"];
  if (wanted?.startsWith("file:")) return path.resolve(cache, wanted.slice("file:".length));
  return wanted?.includes(":") ? wanted : `flowgate@${packageFacts.version}`;
}
