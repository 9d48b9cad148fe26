import { createRequire } from "node:module";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createAppLog } from "../../local/app/app-log.ts";
import { createAppState } from "../../local/app/app-state.ts";
import { supplyCoreModule } from "../../local/app/core-module.ts";
import { loadEntryFiles } from "../../local/app/load-entry-files.ts";

/**
 * `node print-functions.ts <folder> <pattern> [<milliseconds>]`: prints what an app's entry files register, what is set up
 * for them, and which files of the package are loaded so long after.
 */
const [folder = "", pattern = "", later = "0"] = process.argv.slice(2);
const app = createAppState();
supplyCoreModule(
  app,
  createAppLog(app, () => undefined),
);
await loadEntryFiles(folder, [pattern]);
const capabilities = Object.keys((await app.programmingModel?.getCapabilities?.({})) ?? {});
const functions = [...app.functions.values()]
  .map(({ metadata }) => metadata)
  .sort((one, other) => (one.name < other.name ? -1 : 1));
await sleep(Number(later));
const { cache } = createRequire(import.meta.url);
const loaded = Object.keys(cache).filter((file) => file.startsWith(path.join(folder, "dist")));
process.stdout.write(
  JSON.stringify({ capabilities, functions, loaded: loaded.map((file) => path.basename(file)) }),
);
process.exit(0);
