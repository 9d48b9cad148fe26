import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Events } from "../../shared/ports/events.ts";
import type { Queue } from "../../shared/ports/queue.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { ReadEvidence } from "./evidence.ts";

/** What the release stage asks of the world. */
export interface ReleaseDependencies {
  store: BlobStore;
  queue: Queue;
  events: Events;
  telemetry: Telemetry;
  clock: Clock;
  readEvidence: ReadEvidence;
}
