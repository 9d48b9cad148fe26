import { readFile } from "node:fs/promises";
import { SourceMap, type SourceMapPayload } from "node:module";
import path from "node:path";
import { text } from "node:stream/consumers";

/**
 * `npm run stack < stack.txt`: a stack of the deployed app, with the places in the sources. What is deployed has no
 * source maps; `npm run build` of the same commit makes the same files, with maps, in `dist/functions` (or the folder given).
 */
const folder = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, "../dist/functions"));
const PLACE = /[^\s()]*?([\w-]+\.cjs):(\d+):(\d+)/g;

const stack = await text(process.stdin);
const maps = new Map<string, SourceMap | undefined>();
for (const [, file = ""] of stack.matchAll(PLACE)) maps.set(file, await mapOf(file));
process.stdout.write(
  stack.replaceAll(PLACE, (place, file: string, line: string, column: string) => {
    const origin = maps.get(file)?.findOrigin(Number(line), Number(column));
    if (origin === undefined || !("fileName" in origin)) return place;
    const source = path.relative(process.cwd(), path.resolve(folder, origin.fileName));
    return `${source}:${origin.lineNumber}:${origin.columnNumber}`;
  }),
);

async function mapOf(file: string): Promise<SourceMap | undefined> {
  const written = await readFile(path.join(folder, `${file}.map`), "utf8").catch(() => undefined);
  if (written !== undefined) return new SourceMap(JSON.parse(written) as SourceMapPayload);
  console.error(`${folder} has no ${file}.map: run npm run build at the commit that was deployed.`);
  process.exitCode = 2;
  return undefined;
}
