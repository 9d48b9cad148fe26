import { startOfflineModel } from "../../local/model/start-offline-model.ts";
import { buildAppIfOld } from "../../scripts/build-app-if-old.ts";
import { SHARED_MODEL } from "./shared-model.ts";

/** Before the first test of a run: what its files would each make anew. */
export async function setup(): Promise<() => Promise<void>> {
  await buildAppIfOld();
  const model = await startOfflineModel();
  process.env[SHARED_MODEL] = model.baseUrl;
  return () => model.close();
}
