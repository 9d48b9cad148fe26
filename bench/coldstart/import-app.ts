import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { createAppLog } from "../../local/app/app-log.ts";
import { createAppState } from "../../local/app/app-state.ts";
import { supplyCoreModule } from "../../local/app/core-module.ts";

/**
 * `node import-app.ts <entry> [<file> ...]`: loads an app as Azure's worker does, then the files that its first request
 * needs, and prints how long each took.
 */
const [entry = "", ...later] = process.argv.slice(2).map((file) => path.resolve(file));
const load = createRequire(import.meta.url);
const app = createAppState();
supplyCoreModule(
  app,
  createAppLog(app, () => undefined),
);
const startedAt = performance.now();
if (entry.endsWith(".cjs")) load(entry);
else await import(pathToFileURL(entry).href);
const milliseconds = performance.now() - startedAt;
const askedAt = performance.now();
// The library makes one for each request: what Node reads for it (40 ms) counts, whoever asks for it first.
if (later.length > 0) Reflect.get(globalThis, "Request");
for (const file of later) load(file);
const laterMilliseconds = performance.now() - askedAt;
process.stdout.write(JSON.stringify({ milliseconds, laterMilliseconds, functions: app.functions.size }));
process.exit(0);
