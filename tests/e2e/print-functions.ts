import { createAppLog } from "../../local/app/app-log.ts";
import { createAppState } from "../../local/app/app-state.ts";
import { supplyCoreModule } from "../../local/app/core-module.ts";
import { loadEntryFiles } from "../../local/app/load-entry-files.ts";

/** `node print-functions.ts <folder> <pattern>`: prints what an app's entry files register, and what is set up for them. */
const [folder = "", pattern = ""] = process.argv.slice(2);
const app = createAppState();
supplyCoreModule(
  app,
  createAppLog(app, () => undefined),
);
await loadEntryFiles(folder, [pattern]);
const capabilities = Object.keys((await app.programmingModel?.getCapabilities?.({})) ?? {});
const functions = [...app.functions.values()].map(({ metadata }) => metadata);
process.stdout.write(JSON.stringify({ capabilities, functions }));
process.exit(0);
