import { startOfflineModel } from "../../local/model/start-offline-model.ts";
import { buildAppIfOld } from "../../scripts/build-app-if-old.ts";
import { packagedBrowser } from "../browser/packaged-browser.ts";
import { SHARED_MODEL } from "./shared-model.ts";

/** Before the first test of a run: what its files would each make anew. */
export async function setup(): Promise<() => Promise<void>> {
  const [model] = await Promise.all([
    startOfflineModel(),
    buildAppIfOld(),
    // Where it cannot be had another browser may be there, and who wants one says what is missing.
    packagedBrowser().catch(() => undefined),
  ]);
  process.env[SHARED_MODEL] = model.baseUrl;
  return () => model.close();
}
