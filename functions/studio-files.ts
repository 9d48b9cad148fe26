import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** A file of the studio as it is sent. */
export interface StudioFile {
  body: Buffer;
  gzipped: Buffer;
  contentType: string;
}

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/** Beside the bundle that Azure runs, or where `npm run build` and `npm start` leave them for the sources. */
const FOLDERS = ["./studio/", "../dist/studio/"].map((folder) => new URL(folder, import.meta.url));

let reading: Promise<ReadonlyMap<string, StudioFile>> | undefined;

/** Every file of the studio by its name, read and compressed once a process. None where it was not built. */
export function studioFiles(): Promise<ReadonlyMap<string, StudioFile>> {
  reading ??= readFiles();
  return reading;
}

async function readFiles(): Promise<ReadonlyMap<string, StudioFile>> {
  for (const folder of FOLDERS) {
    const names = await readdir(folder).catch(() => []);
    const files = names.flatMap((name): [string, string][] => {
      const contentType = TYPES[name.split(".").at(-1) ?? ""];
      return contentType === undefined ? [] : [[name, contentType]];
    });
    if (!files.some(([name]) => name === "index.html")) continue;
    return new Map(
      await Promise.all(
        files.map(async ([name, contentType]): Promise<[string, StudioFile]> => {
          const body = await readFile(new URL(name, folder));
          return [name, { body, gzipped: await promisify(gzip)(body, { level: 9 }), contentType }];
        }),
      ),
    );
  }
  reading = undefined;
  return new Map();
}
