import { cp, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { build, type BuildOptions, type Metafile, type Plugin } from "esbuild";

/** What a bundle in CommonJS begins with: `bundleUrl` is what its sources know as `import.meta.url`. */
export const BUNDLE_URL = 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;';

/**
 * Bundles each entry, given by its name and its text, into a file `<name>.cjs` in `folder`, and what several of them
 * import into files beside them, so that no module is there twice. esbuild splits modules of ECMAScript alone: they are
 * split as such, and each file then written in CommonJS, which starts faster and which the SDKs inside need.
 */
export async function splitBundle(
  entries: Record<string, string>,
  resolveDir: string,
  folder: string,
  options: BuildOptions,
): Promise<Metafile> {
  const modules = `${folder}.modules`;
  const { metafile } = await build({
    ...options,
    entryPoints: Object.fromEntries(Object.keys(entries).map((name) => [name, `${ENTRY}${name}`])),
    outdir: modules,
    outExtension: { ".js": ".cjs" },
    format: "esm",
    splitting: true,
    metafile: true,
    plugins: [textsAsEntries(entries, resolveDir), ...(options.plugins ?? [])],
  });
  for (const file of await readdir(modules)) {
    if (file.endsWith(".LEGAL.txt")) await cp(path.join(modules, file), path.join(folder, file));
    if (!file.endsWith(".cjs")) continue;
    await build({
      entryPoints: [path.join(modules, file)],
      outfile: path.join(folder, file),
      loader: { ".cjs": "js" },
      platform: "node",
      format: "cjs",
      minify: true,
      sourcemap: true,
      banner: { js: BUNDLE_URL },
      logLevel: "warning",
    });
  }
  await rm(modules, { recursive: true });
  return metafile;
}

const ENTRY = "entry:";

function textsAsEntries(entries: Record<string, string>, resolveDir: string): Plugin {
  return {
    name: "texts as entries",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^entry:/ }, ({ path: wanted }) => ({
        path: wanted.slice(ENTRY.length),
        namespace: "entry",
      }));
      onLoad({ filter: /./, namespace: "entry" }, ({ path: name }) => ({
        contents: entries[name] ?? "",
        resolveDir,
      }));
    },
  };
}
