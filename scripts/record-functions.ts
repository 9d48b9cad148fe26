import { execFile } from "node:child_process";
import { cp } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { childEnvironment } from "../shared/settings.ts";

/** What `FLOWGATE_SERVES` may be, on which it depends what an app registers. */
const SERVED = ["all", "chat", "pipeline"] as const;

/**
 * The calls by which `app.cjs` and `pipeline.cjs` in a folder register their functions, by what is served: each with its
 * method and what it is given but handlers, as `scripts/deployed/registered.ts` repeats them. Leaves a `registered.cjs` that
 * records in the folder.
 */
export async function recordFunctions(folder: string): Promise<Record<string, unknown>> {
  await cp(path.join(import.meta.dirname, "recorder.cjs"), path.join(folder, "registered.cjs"));
  const [app = "", pipeline = ""] = ["app.cjs", "pipeline.cjs"].map((name) => path.join(folder, name));
  const recorded = SERVED.map(async (serves) => {
    const { stdout } = await promisify(execFile)(process.execPath, ["--require", app, pipeline], {
      env: childEnvironment({ FLOWGATE_SERVES: serves }),
    });
    return [serves, JSON.parse(stdout) as unknown] as const;
  });
  return Object.fromEntries(await Promise.all(recorded));
}
