import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import packageFacts from "../../package.json" with { type: "json" };
import { CommandError } from "../command-error.ts";
import { git } from "../git.ts";

const TEMPLATE = path.join(import.meta.dirname, "github/flowgate.yml");
const PLACE = ".github/workflows/flowgate.yml";

/**
 * Writes the GitHub workflow into the repository that `folder` is in, and returns its path. The branch that releases is
 * the remote's default one, else `main`. Throws `CommandError` where there is another file of that name.
 */
export async function writeGitHubWorkflow(folder: string): Promise<string> {
  const root = (await git(folder, ["rev-parse", "--show-toplevel"])) ?? path.resolve(folder);
  const remoteHead = await git(folder, ["symbolic-ref", "--short", "refs/remotes/origin/HEAD"]);
  const branch = remoteHead?.replace(/^origin\//, "") ?? "main";
  const template = await readFile(TEMPLATE, "utf8");
  const text = template
    .replaceAll("{{version}}", packageFacts.version)
    .replaceAll("{{branch}}", () => branch.replaceAll(/["\\]/g, "\\$&"));
  const file = path.join(root, PLACE);
  const present = await readFile(file, "utf8").catch(() => undefined);
  if (present !== undefined && present !== text) {
    throw new CommandError(`${file} is there already, and differs. Remove it to have it written anew.`);
  }
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}
