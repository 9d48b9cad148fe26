import type { RowDependencies } from "../../shared/evaluation/version-under-test.ts";
import type { TrafficRecorder } from "../../shared/model/traffic-recorder.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { SpendStore } from "../../shared/registry/spend-store.ts";
import type { LoadVersion } from "../../shared/registry/version-loader.ts";

/** What watching production asks of the world. */
export interface MonitorDependencies extends RowDependencies {
  store: BlobStore;
  telemetry: Telemetry;
  loadVersion: LoadVersion;
  traffic: TrafficRecorder;
  spends: SpendStore;
}
