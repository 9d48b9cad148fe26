import type { FlowFiles } from "../model/flow.ts";
import { missingPathRemedy, normalPath, pathProblem } from "./flow-paths.ts";
import { mediaTypeOfPath } from "./image-media-type.ts";
import type { PromptyAgent } from "./prompty-agent.ts";
import { readImage, type ImageProblem } from "./read-image.ts";

/** An image in Markdown that the author wrote whole: `![alt](address "title")`. */
export const WRITTEN_IMAGE =
  /!\[[^[\]\n]{0,500}\]\([ \t]{0,20}([^()\s"{}]{1,2000})(?:[ \t]{1,20}"[^"\n]{0,500}")?[ \t]{0,20}\)/g;
/** One whose address is a value, with the input's name where the value is one. */
export const FILLED_IMAGE =
  /!\[[^[\]\n]{0,500}\]\([ \t]{0,20}\{\{(?:-?[ \t]{0,20}(\w{1,200})[ \t]{0,20}-?\}\})?/g;

/** An image written into a template that cannot be shown. */
export interface MissingImage {
  /** In the template. */
  offset: number;
  problem: ImageProblem;
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
      const inside = pathProblem(path) === undefined && mediaTypeOfPath(path) !== undefined;
      const bytes = inside ? files.get(normalPath(prefix + path)) : undefined;
      if (bytes !== undefined) images.set(normalPath(path), bytes);
      const image = readImage(path, images);
      if (image === undefined || "part" in image) continue;
      const remedy = inside && bytes === undefined ? missingPathRemedy(path, files) : image.problem.remedy;
      missing.push({ offset: found.index, problem: { message: image.problem.message, remedy } });
    }
  }
  if (agent.inputs.some(({ kind }) => kind === "image") || agent.instructions.search(FILLED_IMAGE) >= 0) {
    for (const file of files.keys()) {
      if (!file.startsWith(prefix) || mediaTypeOfPath(file) === undefined) continue;
      const bytes = files.get(file);
      if (bytes !== undefined) images.set(file.slice(prefix.length), bytes);
    }
  }
  return { images, missing };
}
