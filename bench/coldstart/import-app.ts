import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { createAppLog } from "../../local/app/app-log.ts";
import { createAppState } from "../../local/app/app-state.ts";
import { supplyCoreModule } from "../../local/app/core-module.ts";

/** `node import-app.ts <entry>`: loads an app as Azure's worker does, and prints how long that took. */
const entry = path.resolve(process.argv[2] ?? "");
const app = createAppState();
supplyCoreModule(
  app,
  createAppLog(app, () => undefined),
);
const startedAt = performance.now();
if (entry.endsWith(".cjs")) createRequire(import.meta.url)(entry);
else await import(pathToFileURL(entry).href);
const milliseconds = performance.now() - startedAt;
process.stdout.write(JSON.stringify({ milliseconds, functions: app.functions.size }));
process.exit(0);
