import type { RowAdmission } from "./row-admission.ts";
import type { RunsUnderWay } from "./run-progress.ts";
import type { Spending } from "./spending.ts";
import type { RowDependencies } from "../../shared/evaluation/version-under-test.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Queue } from "../../shared/ports/queue.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { LoadVersion } from "../../shared/registry/version-loader.ts";

/** What evaluation asks of the world. */
export interface EvaluateDependencies extends RowDependencies {
  store: BlobStore;
  queue: Queue;
  telemetry: Telemetry;
  loadVersion: LoadVersion;
  admission: RowAdmission;
  runs: RunsUnderWay;
  spending: Spending;
}
