import type { FlowFiles } from "../model/flow.ts";
import { nearestName } from "./nearest-name.ts";

/** Why a path in a flow's files is refused; undefined for one that stays inside the folder. */
export function pathProblem(path: string): string | undefined {
  if (path === "") return "The path is empty.";
  if (path.includes("\\")) return "A path is written with / and never with a backslash.";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path))
    return "A path is relative to the flow's folder, never absolute.";
  if (path.includes("\0") || /%2f|%5c|%2e/i.test(path))
    return "The path holds an encoded or forbidden character.";
  if (path.split("/").includes("..")) return "A path never leaves the flow's folder: .. is not allowed.";
  return undefined;
}

export const PATH_REMEDY =
  "Name a file of the flow by its path from flow.yaml, such as data/questions.jsonl.";

/** A path without `./` and doubled or closing slashes. */
export function normalPath(path: string): string {
  return path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

/** The files at a path: itself, or those directly or deeper inside where it is a folder, in natural order. */
export function filesAt(path: string, files: FlowFiles): string[] {
  const normal = normalPath(path);
  if (files.has(normal)) return [normal];
  return [...files.keys()]
    .filter((file) => file.startsWith(`${normal}/`))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/** The file or folder of the flow that a path which names nothing seems to mean. */
export function nearPath(path: string, files: FlowFiles): string | undefined {
  const folders = new Set(
    [...files.keys()].flatMap((file) =>
      file
        .split("/")
        .slice(0, -1)
        .map((_, i, parts) => parts.slice(0, i + 1).join("/")),
    ),
  );
  const known = [...files.keys(), ...folders];
  const sameName = known.find((file) => file.split("/").at(-1) === path.split("/").at(-1));
  return sameName ?? nearestName(path, known);
}

/** "Did you mean ...?" for a path that names nothing. */
export function missingPathRemedy(path: string, files: FlowFiles): string {
  const near = nearPath(path, files);
  return near === undefined
    ? `Files of the flow: ${[...files.keys()].slice(0, 20).join(", ")}.`
    : `Did you mean ${near}?`;
}
