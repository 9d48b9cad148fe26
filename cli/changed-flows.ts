import { access } from "node:fs/promises";
import path from "node:path";
import { git } from "./git.ts";

/** Flows by their folders, relative to the root of the repository. */
export interface ChangedFlows {
  folders: string[];
  /** Folders whose `flow.yaml` is no more. */
  gone: string[];
}

/** The flows that files lie in: a file belongs to the nearest folder above it that holds a `flow.yaml`. */
export async function changedFlows(root: string, files: readonly string[]): Promise<ChangedFlows> {
  const folders = new Set<string>();
  const gone = new Set<string>();
  for (const file of files) {
    const folder = await flowAbove(root, path.posix.dirname(file));
    if (folder !== undefined) folders.add(folder);
    else if (path.posix.basename(file) === "flow.yaml") gone.add(path.posix.dirname(file));
  }
  return { folders: [...folders].sort(), gone: [...gone].sort() };
}

/** The folder of every flow that git tracks. */
export async function allFlows(root: string): Promise<string[]> {
  const listed = await git(root, ["ls-files", "-z", "--", "flow.yaml", "*/flow.yaml"]);
  const files = (listed ?? "").split("\0").filter((file) => file !== "");
  return files.map((file) => path.posix.dirname(file)).sort();
}

async function flowAbove(root: string, folder: string): Promise<string | undefined> {
  const holdsFlow = await access(path.join(root, folder, "flow.yaml")).then(
    () => true,
    () => false,
  );
  if (holdsFlow) return folder;
  return folder === "." ? undefined : flowAbove(root, path.posix.dirname(folder));
}
