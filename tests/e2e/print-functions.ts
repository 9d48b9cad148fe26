import { createRequire } from "node:module";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createAppLog } from "../../local/app/app-log.ts";
import { createAppState } from "../../local/app/app-state.ts";
import { supplyCoreModule } from "../../local/app/core-module.ts";
import { loadEntryFiles } from "../../local/app/load-entry-files.ts";

/**
 * `node print-functions.ts <folder> <pattern> [idle]`: prints what an app's entry files register, what is set up for them,
 * and which files of the package are loaded by then, or once nobody has asked for so long that no other one follows.
 */
const [folder = "", pattern = "", when] = process.argv.slice(2);
/** More than passes between two files that are loaded while nobody asks. */
const IDLE_MS = 300;
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
const { cache } = createRequire(import.meta.url);
const loadedNow = (): string[] =>
  Object.keys(cache).filter((file) => file.startsWith(path.join(folder, "dist")));
let loaded = loadedNow();
if (when === "idle") {
  for (let before = -1; loaded.length !== before; loaded = loadedNow()) {
    before = loaded.length;
    await sleep(IDLE_MS);
  }
}
process.stdout.write(
  JSON.stringify({ capabilities, functions, loaded: loaded.map((file) => path.basename(file)) }),
);
process.exit(0);
