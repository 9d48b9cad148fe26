import { access, constants, readdir, readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { diskFile } from "../shared/adapters/disk-file.ts";
import { filesWithLarge, isLarge } from "../shared/flow/files-with-large.ts";
import type { Diagnostic, FlowFiles, LargeFile } from "../shared/model/flow.ts";
import { CommandError } from "./command-error.ts";

/** Larger files are refused before they are read into memory. The platform's own limit for a file. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;
/** A folder with more is most often not the one that was meant. */
const MAX_FILES = 5000;
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * The files of a flow's folder by path relative to it, `/`-separated, in name order. Skips what starts with a dot
 * and `node_modules`. What is large is read piece by piece when it is needed. Refused, as diagnostics: `.env` files, links that leave the folder or lead back into
 * themselves, files over 32 MB, folders that cannot be read, more than 5000 files or 256 MB in all. Throws `CommandError` where there is no such folder.
 */
export async function readFlowFolder(
  folder: string,
): Promise<{ files: FlowFiles; diagnostics: Diagnostic[] }> {
  const root = await realpath(folder).catch(() => {
    throw new CommandError(`There is no folder ${folder}. Name the folder that holds flow.yaml.`);
  });
  if (!(await stat(root)).isDirectory()) {
    throw new CommandError(`${folder} is a file. Name the folder that holds flow.yaml.`);
  }
  const files = new Map<string, Uint8Array>();
  const large = new Map<string, LargeFile>();
  const diagnostics: Diagnostic[] = [];
  const refuse = (file: string, message: string, remedy: string): void => {
    diagnostics.push({ severity: "error", file, line: 1, column: 1, message, remedy });
  };

  let bytes = 0;
  let folders = 0;
  let full = false;
  const stop = (name: string): void => {
    full = true;
    const message = `the folder holds more than ${MAX_FILES} files or folders, or 256 MB, up to here`;
    refuse(name, message, "Keep only the flow's own files in its folder.");
  };

  async function visitFolder(real: string, relative: string, parents: readonly string[]): Promise<void> {
    folders += 1;
    // Links to folders that hold links multiply, whatever they hold.
    if (folders > MAX_FILES) return stop(relative);
    const entries = await readdir(real).catch(() => undefined);
    if (entries === undefined)
      return refuse(relative, "this folder cannot be read", "Change its permissions.");
    for (const entry of entries.sort()) {
      if (full) return;
      const name = relative === "" ? entry : `${relative}/${entry}`;
      if (entry === ".env" || entry.startsWith(".env.")) {
        refuse(name, "a file of secrets does not belong into a flow", "Move it out of the flow's folder.");
      } else if (!entry.startsWith(".") && entry !== "node_modules") {
        await visit(path.join(real, entry), name, [...parents, real]);
      }
    }
  }

  async function visit(entry: string, name: string, parents: readonly string[]): Promise<void> {
    const real = await realpath(entry).catch(() => undefined);
    if (real === undefined) {
      return refuse(name, "this link leads nowhere", "Remove the link, or restore what it points to.");
    }
    if (real !== root && !real.startsWith(root + path.sep)) {
      return refuse(name, "this link leaves the flow's folder", "Copy what it points to into the folder.");
    }
    const facts = await stat(real);
    if (facts.isDirectory()) {
      if (parents.includes(real)) {
        return refuse(name, "this link leads back into itself", "Remove the link.");
      }
      return visitFolder(real, name, parents);
    }
    if (!facts.isFile()) return refuse(name, "this is not a regular file", "Remove it from the folder.");
    if (facts.size > MAX_FILE_BYTES) {
      return refuse(name, `the file has ${facts.size} bytes; the limit is 32 MB`, "Split it, or sample it.");
    }
    bytes += facts.size;
    if (files.size + large.size >= MAX_FILES || bytes > MAX_BYTES) {
      return stop(name);
    }
    const isStreamed = isLarge(name, facts.size);
    const content = await (isStreamed ? access(real, constants.R_OK) : readFile(real)).catch(() => false);
    if (content === false) return refuse(name, "this file cannot be read", "Change its permissions.");
    if (content instanceof Uint8Array) files.set(name, content);
    else large.set(name, diskFile(real, facts.size));
  }

  await visitFolder(root, "", []);
  return { files: filesWithLarge(files, large), diagnostics };
}
