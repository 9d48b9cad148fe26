import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** What git prints, without the white space around it; undefined for nothing, no git, no checkout or a refusal. */
export async function git(folder: string, words: string[]): Promise<string | undefined> {
  try {
    const { stdout } = await execute("git", ["-C", folder, ...words], {
      timeout: 10_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
