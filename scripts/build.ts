import { rmSync } from "node:fs";
import { cp, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { build, type BuildOptions, type Plugin } from "esbuild";
import { LEFT_OUT } from "../local/app/left-out.ts";
import { askedOperations } from "./asked-operations.ts";
import { askedResources } from "./asked-resources.ts";
import { buildStudio } from "./build-studio.ts";
import { oneCopy } from "./one-copy.ts";
import { putInPlace } from "./put-in-place.ts";
import { recordFunctions } from "./record-functions.ts";
import { rememberedHashes } from "./remembered-hashes.ts";
import { builtName, LOAD_LATER, loadedLater, withBuiltNames } from "./load-later.ts";
import { BUNDLE_URL, splitBundle } from "./split-bundle.ts";

/**
 * `npm run build`: bundles `functions/` into the files that Azure's worker loads by `main.cjs`, with what it loads later,
 * the data files it reads and the studio beside it. CommonJS, because the SDKs inside need `require`; `@azure/functions-core` stays out,
 * because only the worker has it.
 */
const ROOT = path.resolve(import.meta.dirname, "..");
const MOST_SCRIPT_BYTES = 120_000;
/** Beside `dist/`, and as deep, because maps name the sources from where they lie. azd packages two apps at once. */
const STAGE = path.join(ROOT, `dist.${process.pid}`);
const OUTPUT = path.join(STAGE, "functions");
/**
 * Files of their own, loaded when they are first asked for: a megabyte of source takes ten of memory as soon as it is
 * read, used or not.
 */
const LATER: Record<string, string> = {
  "./azure-monitor.ts": "./shared/adapters/azure/azure-monitor.ts",
  "@azure/identity": "@azure/identity",
  "@azure/eventgrid": "@azure/eventgrid",
};
/** Also read when it is first asked for, and as it is: its import says that it is JSON, which a file of code is not. */
const DOCUMENT = "../schemas/openapi.json";

/** The triggers that an app registers which serves chats: what the others need besides is a file of its own. */
const OF_CHATS = [
  "ai-chat.ts",
  "app.ts",
  "chat-completions.ts",
  "feedback.ts",
  "health.ts",
  "models.ts",
  "openapi.ts",
  "unknown-address.ts",
];

/** A file of a package: what the app itself names is never left out. */
const OTHERS = /[\\/]node_modules[\\/]/;
/** Makes a credential where it is given none; `azure-monitor.ts` gives it one. */
const HAS_CREDENTIAL = /[\\/]@azure[\\/]monitor-opentelemetry[\\/]/;
/** What undici has for HTTP/2, which its agent here does not speak, and for a parser that is off unless asked for. */
const NOT_SPOKEN = /\/(client-h2|milo\/(no-)?simd)\.js$/;
/** What storage's clients have, in 85 kB of WebAssembly, for checksums that nobody here asks for. */
const CHECKSUMS = /\/storage-common\/dist\/esm\/crc64\.js$/;
/** The same package as modules that need not be found by each other one by one: it is there in a third of the time. */
const YAML = path.join(ROOT, "node_modules/yaml/browser/index.js");

/**
 * The library's own sources, compiled for the Node that runs them: as published it keeps its private fields in weak maps,
 * which hold what belongs to a request until a full garbage collection, and every `await` is a generator's.
 */
const FUNCTIONS = {
  "@azure/functions": path.join(ROOT, "node_modules/@azure/functions/src/index.ts"),
  "@azure/functions-extensions-base": path.join(
    ROOT,
    "node_modules/@azure/functions-extensions-base/src/index.ts",
  ),
};

/** Runs every invocation in the host's trace context, which `telemetry.ts` does not ask for: it has its own. */
const HOSTS_CONTEXT = /\/monitor-opentelemetry\/dist\/commonjs\/traces\/azureFnHook\.js$/;

const OWN_SOURCE = /[\\/](functions|pipelines|shared|scripts)[\\/].*\.ts$/;

const leaveOut: Plugin = {
  name: "leave out",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path: wanted, kind }) =>
      kind === "dynamic-import" && Object.hasOwn(LATER, wanted)
        ? { path: `./${outputOf(wanted)}`, external: true }
        : undefined,
    );
    onResolve({ filter: /\.json$/ }, ({ path: wanted, kind }) =>
      kind === "dynamic-import" && wanted === DOCUMENT
        ? { path: `./${path.basename(DOCUMENT)}`, external: true }
        : undefined,
    );
    onResolve({ filter: LEFT_OUT }, ({ path: wanted, importer }) =>
      OTHERS.test(importer) ? { path: wanted, namespace: "never" } : undefined,
    );
    onResolve({ filter: /^@azure\/identity$/ }, ({ path: wanted, importer }) =>
      HAS_CREDENTIAL.test(importer) ? { path: wanted, namespace: "never" } : undefined,
    );
    onLoad({ filter: /./, namespace: "never" }, () => ({ contents: "module.exports = {};" }));
    onLoad({ filter: NOT_SPOKEN }, () => ({ contents: "module.exports = {};" }));
    onLoad({ filter: HOSTS_CONTEXT }, () => ({
      contents: "exports.AzureFunctionsHook = class { shutdown() {} };",
    }));
    onLoad({ filter: CHECKSUMS }, () => ({ contents: "export default undefined;" }));
    onLoad({ filter: OWN_SOURCE }, async ({ path: file }) => ({
      contents: inAscii(LOAD_LATER.test(file) ? await withBuiltNames(file) : await readFile(file, "utf8")),
      loader: "ts",
    }));
  },
};

/** What the app shares with the file that registered its functions, and therefore takes from there. */
const takeRegistered: Plugin = {
  name: "take registered",
  setup({ onResolve }) {
    onResolve({ filter: /^(@azure\/functions|\.\/(functions\/)?client-connection\.ts)$/ }, () => ({
      path: "./registered.cjs",
      external: true,
    }));
  },
};

await mkdir(path.join(ROOT, "dist"), { recursive: true });
await mkdir(OUTPUT, { recursive: true });
process.once("exit", () => rmSync(STAGE, { recursive: true, force: true }));
const triggers = (await readdir(path.join(ROOT, "functions"))).filter((name) => name.endsWith(".ts")).sort();
const importing = (names: string[]): string =>
  names.map((name) => `import "./functions/${name}";`).join("\n");
const metafile = await splitBundle(
  {
    app: importing(OF_CHATS),
    pipeline: importing(triggers.filter((name) => !OF_CHATS.includes(name))),
  },
  ROOT,
  OUTPUT,
  optionsOf([takeRegistered]),
);
await writeFile(path.join(ROOT, "dist/app.meta.json"), JSON.stringify(metafile));
for (const name of await readdir(OUTPUT)) if (name.endsWith(".cjs")) await tellSize(name);
await cp(path.join(ROOT, "shared/evaluators/prompts"), path.join(OUTPUT, "prompts"), { recursive: true });
const functions = await recordFunctions(OUTPUT);
await bundle("registered.cjs", 'export * from "./scripts/deployed/registered.ts";', {
  define: { FUNCTIONS: JSON.stringify(functions) },
  inject: [path.join(ROOT, "scripts/deployed/deferred-request.ts")],
});
await cp(path.join(ROOT, "scripts/deployed/main.cjs"), path.join(OUTPUT, "main.cjs"));
await cp(path.join(ROOT, "functions", DOCUMENT), path.join(OUTPUT, path.basename(DOCUMENT)));
for (const [wanted, source] of Object.entries(LATER)) {
  await bundle(outputOf(wanted), `export * from ${JSON.stringify(source)};`);
}
for (const source of await loadedLater()) await bundle(builtName(source), `export * from "./${source}";`);
console.log(`${triggers.length} entry files`);
const studio = await buildStudio();
for (const name of ["index.html", ...studio.map((file) => file.name)]) {
  await cp(path.join(ROOT, "dist/studio", name), path.join(OUTPUT, "studio", name));
}
await putInPlace(OUTPUT, path.join(ROOT, "dist/functions"));
const script = studio
  .filter(({ name }) => name.endsWith(".js"))
  .reduce((sum, { gzipped }) => sum + gzipped, 0);
if (script > MOST_SCRIPT_BYTES) {
  throw new Error(
    `The studio's script has ${script} bytes gzip, more than ${MOST_SCRIPT_BYTES}: leave something out.`,
  );
}
for (const { name, bytes, gzipped } of studio) {
  const [whole, small] = [bytes, gzipped].map((size) => `${(size / 1000).toFixed(1)} kB`);
  console.log(`dist/studio/${name}  ${whole}, ${small} gzip`);
}

/**
 * The same source in ASCII. V8 holds a file with one other letter in it at two bytes a letter, and reads it half as fast.
 * esbuild escapes the letters of texts, and leaves those of patterns and of templates.
 */
function inAscii(source: string): string {
  return source.replaceAll(
    /[^\0-\x7f]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function outputOf(wanted: string): string {
  return `${path.basename(wanted).replace(/\.ts$/, "")}.cjs`;
}

async function bundle(
  file: string,
  contents: string,
  { define = {}, inject = [] }: Pick<BuildOptions, "define" | "inject"> = {},
): Promise<void> {
  const options = optionsOf([], define);
  const { metafile: made } = await build({
    ...options,
    inject,
    stdin: { contents, resolveDir: ROOT, sourcefile: `${path.basename(file, ".cjs")}.ts` },
    outfile: path.join(OUTPUT, file),
    format: "cjs",
    banner: { js: BUNDLE_URL },
    metafile: true,
  });
  await writeFile(path.join(ROOT, "dist", file.replace(".cjs", ".meta.json")), JSON.stringify(made));
  await tellSize(file);
}

function optionsOf(plugins: Plugin[], define: Record<string, string> = {}): BuildOptions {
  return {
    bundle: true,
    platform: "node",
    target: "node22",
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    external: ["@azure/functions-core"],
    alias: { yaml: YAML, ...FUNCTIONS },
    plugins: [...plugins, leaveOut, askedOperations, askedResources, rememberedHashes, oneCopy(ROOT)],
    define: { ...define, "import.meta.url": "bundleUrl" },
    legalComments: "linked",
    logLevel: "warning",
    // Optional parts of the SDKs that are loaded only where they are installed.
    logOverride: { "require-resolve-not-external": "silent" },
  };
}

async function tellSize(file: string): Promise<void> {
  const { size } = await stat(path.join(OUTPUT, file));
  console.log(`dist/functions/${file}  ${(size / 2 ** 20).toFixed(2)} MiB`);
}
