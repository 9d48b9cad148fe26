import type { FlowFiles } from "../model/flow.ts";
import { normalPath, pathProblem } from "./flow-paths.ts";
import type { PromptyAgent } from "./prompty-agent.ts";

/** The kinds of files that models take as images, by ending. */
const MEDIA_TYPES = new Map([
  ["png", "image/png"],
  ["jpg", "image/jpeg"],
  ["jpeg", "image/jpeg"],
  ["gif", "image/gif"],
  ["webp", "image/webp"],
]);

/** An image in Markdown that the author wrote whole: `![alt](address "title")`. */
export const WRITTEN_IMAGE =
  /!\[[^[\]\n]{0,500}\]\([ \t]{0,20}([^()\s"{}]{1,2000})(?:[ \t]{1,20}"[^"\n]{0,500}")?[ \t]{0,20}\)/g;
const FILLED_IMAGE = /!\[[^[\]\n]{0,500}\]\([ \t]{0,20}\{\{/;

/** Whether an address names a file beside the prompt instead of a place on the web. */
export function isImagePath(address: string): boolean {
  return !/^(?:https?:|data:)/i.test(address) && mediaTypeOf(address) !== undefined;
}

export function mediaTypeOf(path: string): string | undefined {
  return MEDIA_TYPES.get(/\.(\w{1,5})$/.exec(path)?.[1]?.toLowerCase() ?? "");
}

/** An image written into a template that is no file beside it. */
export interface MissingImage {
  path: string;
  /** In the template. */
  offset: number;
  problem: string;
}

/**
 * The image files that a prompt can show, by path from its folder: those its template names, and every one where an
 * input can name it. They are part of a version, as `${file:...}` references are.
 */
export function promptImages(
  agent: PromptyAgent,
  written: boolean,
  folder: string,
  files: FlowFiles,
): { images: Map<string, Uint8Array>; missing: MissingImage[] } {
  const prefix = folder === "" ? "" : `${folder}/`;
  const images = new Map<string, Uint8Array>();
  const missing: MissingImage[] = [];
  if (written) {
    for (const found of agent.instructions.matchAll(WRITTEN_IMAGE)) {
      const path = found[1] ?? "";
      if (/^(?:https?:|data:)/i.test(path)) continue;
      const problem = pathProblem(path);
      const bytes = problem === undefined ? files.get(normalPath(prefix + path)) : undefined;
      if (bytes !== undefined && mediaTypeOf(path) !== undefined) images.set(normalPath(path), bytes);
      else missing.push({ path, offset: found.index, problem: problem ?? reasonOf(path, bytes) });
    }
  }
  if (agent.inputs.some(({ kind }) => kind === "image") || FILLED_IMAGE.test(agent.instructions)) {
    for (const file of files.keys()) {
      if (!file.startsWith(prefix) || mediaTypeOf(file) === undefined) continue;
      const bytes = files.get(file);
      if (bytes !== undefined) images.set(file.slice(prefix.length), bytes);
    }
  }
  return { images, missing };
}

function reasonOf(path: string, bytes: Uint8Array | undefined): string {
  return bytes === undefined || mediaTypeOf(path) !== undefined
    ? "There is no such file beside the prompt."
    : `It is none of ${[...MEDIA_TYPES.keys()].join(", ")}.`;
}
