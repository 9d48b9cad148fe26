import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { childEnvironment } from "../shared/settings.ts";
import { quantile } from "../shared/statistics/quantile.ts";
import { round } from "./bench-result.ts";
import type { BenchResult } from "./bench-result.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const ROUNDS = 11;
const execute = promisify(execFile);

/**
 * How long the app takes to load in a new process, as Azure's worker loads it: bundled, from `node_modules`, and bundled
 * with the compile cache that an earlier process left. All in turn, so that what else the machine does hits them alike.
 */
export async function run(): Promise<BenchResult> {
  await using stack = new AsyncDisposableStack();
  await execute(process.execPath, [path.join(ROOT, "scripts/build.ts")]);
  const folder = path.join(ROOT, "dist/bench");
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  await buildUnbundled(folder);
  const cache = await mkdtemp(path.join(tmpdir(), "flowgate-compile-cache-"));
  stack.defer(() => rm(cache, { recursive: true, force: true }));

  const bundle = path.join(ROOT, "dist/functions/main.cjs");
  const later = ["app.cjs", "model-packages.cjs", "blob-packages.cjs"].map((name) =>
    path.join(ROOT, "dist/functions", name),
  );
  const laterTimes: Record<"bundled" | "cached", number[]> = { bundled: [], cached: [] };
  const ways = {
    unbundled: () => load(path.join(folder, "lazy.mjs")),
    eager: () => load(path.join(folder, "eager.mjs")),
    bundled: () => load(bundle, {}, later, laterTimes.bundled),
    cached: () => load(bundle, { NODE_COMPILE_CACHE: cache }, later, laterTimes.cached),
  };
  const times: Record<keyof typeof ways, number[]> = { unbundled: [], eager: [], bundled: [], cached: [] };
  // The first of each warms the disk's cache, and the compile cache.
  for (const way of Object.values(ways)) await way();
  for (let index = 0; index < ROUNDS; index += 1) {
    for (const [name, way] of Object.entries(ways) as [keyof typeof ways, () => Promise<number>][]) {
      times[name].push(await way());
    }
  }
  const middle = (values: number[]): number =>
    quantile(
      values.toSorted((a, b) => a - b),
      0.5,
    ) ?? Number.NaN;
  const median = (name: keyof typeof ways): number => middle(times[name]);
  const of = (value: number, bound: string) => ({ value: round(value), bound });
  return {
    figures: {
      unbundled_ms: of(median("eager"), "all packages from node_modules, telemetry and sign-in with them"),
      unbundled_lazy_ms: of(median("unbundled"), "the same with no more than a first chat needs"),
      bundled_ms: of(
        median("bundled"),
        "what `npm run build` makes, until the worker can tell the host every function: what answers is loaded later",
      ),
      cached_ms: of(median("cached"), "the same with Node's compile cache of an earlier process"),
      bundled_later_ms: of(
        middle(laterTimes.bundled),
        "then what answers and the SDKs of models and storage, which the first chat waits for if it comes at once",
      ),
      cached_later_ms: of(middle(laterTimes.cached), "the same with the compile cache"),
      bundled_ratio: of(median("bundled") / median("eager"), "bundled over unbundled"),
      cached_ratio: of(median("cached") / median("eager"), "cached over unbundled"),
      bundled_whole_ratio: of(
        (median("bundled") + middle(laterTimes.bundled)) / median("unbundled"),
        "bundled and later together, over the same from node_modules (unbundled_lazy)",
      ),
    },
    measured: `${ROUNDS} new processes each, medians`,
  };
}

/** The app with its packages left where they are: `lazy.mjs` with what a first chat needs, `eager.mjs` with all. */
async function buildUnbundled(folder: string): Promise<void> {
  await cp(path.join(ROOT, "shared/evaluators/prompts"), path.join(folder, "prompts"), { recursive: true });
  const triggers = (await readdir(path.join(ROOT, "functions"))).filter((name) => name.endsWith(".ts"));
  const sdks = ["model-packages", "blob-packages"].map((name) => `shared/adapters/${name}.ts`);
  const app = [...triggers.map((name) => `functions/${name}`), ...sdks]
    .map((file) => `import "./${file}";`)
    .join("\n");
  const later =
    'import "./shared/adapters/azure/azure-monitor.ts"; import "applicationinsights"; import "@azure/identity";';
  for (const [name, contents] of Object.entries({ lazy: app, eager: `${app}\n${later}` })) {
    await build({
      stdin: { contents, resolveDir: ROOT, sourcefile: `${name}.ts` },
      outfile: path.join(folder, `${name}.mjs`),
      bundle: true,
      platform: "node",
      target: "node22",
      format: "esm",
      packages: "external",
      logLevel: "warning",
    });
  }
}

/** Milliseconds. Throws where the app registers nothing. */
async function load(
  entry: string,
  environment: Record<string, string> = {},
  later: readonly string[] = [],
  laterTimes: number[] = [],
): Promise<number> {
  const { stdout } = await execute(
    process.execPath,
    [path.join(import.meta.dirname, "coldstart/import-app.ts"), entry, ...later],
    {
      env: childEnvironment(environment),
    },
  );
  const { milliseconds, laterMilliseconds, functions } = JSON.parse(stdout) as Record<
    "milliseconds" | "laterMilliseconds" | "functions",
    number
  >;
  laterTimes.push(laterMilliseconds);
  if (functions === 0) throw new Error(`${entry} registers no function.`);
  return milliseconds;
}
