import { access, lstat, readdir, readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { decodeText } from "../../shared/flow/decode-text.ts";
import type { Findings, Place } from "../../shared/flow/diagnostics.ts";

/** As the platform's limit for one file of a flow. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;

/** The folder that is imported. Paths are relative to it and `/`-separated; nothing in it is ever changed. */
export interface ImportSource {
  folder: string;
  has(file: string): Promise<boolean>;
  /** The text, plain newlines. Where it cannot be read: undefined, with a finding at `place` of `mentionedIn`. */
  text(file: string, mentionedIn: string, place: Place, findings: Findings): Promise<string | undefined>;
  bytes(file: string, mentionedIn: string, place: Place, findings: Findings): Promise<Uint8Array | undefined>;
  /** The names of the files in a folder, in order; none where there is no such folder. */
  list(folder: string): Promise<string[]>;
}

/**
 * Reads below `folder`, and what its files share with their neighbours (`../data/x.jsonl`) as far as the repository
 * reaches that holds it; without a repository, its parent folder. Links are followed to where they lead first.
 */
export async function openSource(folder: string): Promise<ImportSource> {
  const root = await realpath(folder);
  const boundary = await repositoryOf(root);

  async function realOf(file: string): Promise<string | undefined> {
    if (file.includes("\0") || file.includes("\\") || path.isAbsolute(file) || /^\w:/.test(file))
      return undefined;
    const real = await realpath(path.join(root, file)).catch(() => undefined);
    const inside = real !== undefined && (real === boundary || real.startsWith(boundary + path.sep));
    return inside ? real : undefined;
  }

  const source: ImportSource = {
    folder: root,
    async has(file) {
      const real = await realOf(file);
      return real !== undefined && (await stat(real)).isFile();
    },
    async bytes(file, mentionedIn, place, findings) {
      const real = await realOf(file);
      const facts = real === undefined ? undefined : await stat(real);
      if (real === undefined || facts?.isFile() !== true) {
        const link = await lstat(path.join(root, file)).catch(() => undefined);
        if (link?.isSymbolicLink() === true) {
          const message = `${file} is a link that leads nowhere or out of the repository, and is not followed.`;
          findings.error(mentionedIn, place, message, "Copy what it leads to into its place.");
          return undefined;
        }
        const outside = path.isAbsolute(file) || path.normalize(file).startsWith("..");
        findings.error(
          mentionedIn,
          place,
          `There is no file ${file}${outside ? " that may be read: it is outside of the repository" : ""}.`,
          outside ? "Copy it into the folder, and name it there." : "Add it, or correct the path.",
        );
        return undefined;
      }
      if (facts.size > MAX_FILE_BYTES) {
        const message = `${file} has ${facts.size} bytes; the limit is 32 MB.`;
        findings.error(mentionedIn, place, message, "Split it, or sample it.");
        return undefined;
      }
      return readFile(real);
    },
    async text(file, mentionedIn, place, findings) {
      const bytes = await source.bytes(file, mentionedIn, place, findings);
      return bytes === undefined ? undefined : decodeText(file, bytes, findings);
    },
    async list(inner) {
      const real = await realOf(inner);
      if (real === undefined) return [];
      const entries = await readdir(real, { withFileTypes: true }).catch(() => []);
      return entries
        .filter((entry) => !entry.isDirectory() && !entry.name.startsWith("."))
        .map(({ name }) => name)
        .sort();
    },
  };
  return source;
}

async function repositoryOf(root: string): Promise<string> {
  for (let folder = root; ; folder = path.dirname(folder)) {
    const found = await access(path.join(folder, ".git")).then(
      () => true,
      () => false,
    );
    if (found) return folder;
    if (folder === path.dirname(folder)) return path.dirname(root);
  }
}
