import { cp, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { buildStudio } from "./build-studio.ts";

/**
 * `npm run build`: bundles `functions/` into the one file that Azure's worker loads, with the data files it reads and
 * the studio beside it. CommonJS, because the SDKs inside need `require`; `@azure/functions-core` stays out, because only the
 * worker has it.
 */
const ROOT = path.resolve(import.meta.dirname, "..");
const OUTPUT = path.join(ROOT, "dist/functions");

await rm(path.join(ROOT, "dist"), { recursive: true, force: true });
await mkdir(OUTPUT, { recursive: true });
const triggers = (await readdir(path.join(ROOT, "functions"))).filter((name) => name.endsWith(".ts")).sort();
const result = await build({
  stdin: {
    contents: triggers.map((name) => `import "./functions/${name}";`).join("\n"),
    resolveDir: ROOT,
    sourcefile: "main.ts",
  },
  outfile: path.join(OUTPUT, "main.cjs"),
  bundle: true,
  platform: "node",
  target: "node22",
  format: "cjs",
  minify: true,
  sourcemap: true,
  metafile: true,
  external: ["@azure/functions-core"],
  banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
  define: { "import.meta.url": "bundleUrl" },
  logLevel: "warning",
  // Optional parts of the SDKs that are loaded only where they are installed.
  logOverride: { "require-resolve-not-external": "silent" },
});
await cp(path.join(ROOT, "shared/evaluators/prompts"), path.join(OUTPUT, "prompts"), { recursive: true });
const studio = await buildStudio();
await cp(path.join(ROOT, "dist/studio"), path.join(OUTPUT, "studio"), { recursive: true });
await writeFile(path.join(ROOT, "dist/meta.json"), JSON.stringify(result.metafile));
const { size } = await stat(path.join(OUTPUT, "main.cjs"));
console.log(`dist/functions/main.cjs  ${(size / 2 ** 20).toFixed(2)} MiB, ${triggers.length} entry files`);
for (const { name, bytes, gzipped } of studio) {
  const [whole, small] = [bytes, gzipped].map((size) => `${(size / 1000).toFixed(1)} kB`);
  console.log(`dist/studio/${name}  ${whole}, ${small} gzip`);
}
