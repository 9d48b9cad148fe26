import path from "node:path";
import { createFindings, START } from "../../shared/flow/diagnostics.ts";
import { mediaTypeOfPath } from "../../shared/flow/image-media-type.ts";
import { isFields, type Fields } from "./fields.ts";
import type { ImportSource } from "./import-source.ts";

/** Prompt Flow writes an image as `{ "data:image/png;path": "a.png" }`, or with `url` or `base64`. */
const WRAPPED = /^data:image\/[\w.*+-]{1,50};(path|url)$/i;

/**
 * Brings the image files that rows name along, to a folder beside the prompt, and names them there. They are read from
 * where the rows lie, as in Prompt Flow. What is no file there stays as it is, for `validate` to name.
 */
export async function carryImages(
  rows: readonly Fields[],
  inputs: readonly string[],
  folders: { from: string; to: string },
  source: ImportSource,
): Promise<Map<string, Uint8Array>> {
  const carried = new Map<string, Uint8Array>();
  const targets = new Map<string, string>();
  for (const row of rows) {
    for (const input of inputs) {
      const address = addressOf(row[input]);
      if (address === undefined) continue;
      row[input] = address;
      const file = path.posix.join(folders.from, address);
      const bytes = targets.has(file) ? undefined : await imageAt(file, source);
      if (bytes !== undefined) {
        const target = freeName(`${folders.to}/${path.posix.basename(file)}`, carried);
        targets.set(file, target);
        carried.set(target, bytes);
      }
      row[input] = targets.get(file) ?? address;
    }
  }
  return carried;
}

/** The bytes of an image file of the imported folder; undefined where there is none. */
export async function imageAt(file: string, source: ImportSource): Promise<Uint8Array | undefined> {
  if (mediaTypeOfPath(file) === undefined || !(await source.has(file))) return undefined;
  return source.bytes(file, file, START, createFindings());
}

function addressOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const [only] = isFields(value) ? Object.entries(value) : [];
  return only !== undefined && WRAPPED.test(only[0]) && typeof only[1] === "string" ? only[1] : undefined;
}

function freeName(wanted: string, taken: ReadonlyMap<string, unknown>): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = wanted.replace(/(\.\w+)$/, `-${count}$1`);
  return name;
}
