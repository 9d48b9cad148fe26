import type { OneAtATime } from "../../shared/one-at-a-time.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Events } from "../../shared/ports/events.ts";
import type { Queue } from "../../shared/ports/queue.ts";
import type { Spool } from "../../shared/ports/spool.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";

/** What intake asks of the world. */
export interface IntakeDependencies {
  store: BlobStore;
  spool: Spool;
  queue: Queue;
  events: Events;
  telemetry: Telemetry;
  clock: Clock;
  /** A burst of events makes one snapshot after another: what is being taken is not taken twice at once. */
  oneAtATime: OneAtATime;
  /** Edits that no `.commit.json` closes become a version after this much quiet. */
  settleMs: number;
  /** The judge's model, part of every suite. */
  judgeModel: string;
  /** The embedding model, part of a suite whose evaluators compare by it. */
  embeddingModel: string;
  /** The content safety service, where one is set: it is part of a suite that it judges in. */
  safetyService?: string | undefined;
  /** The connections that flows may name; undefined: not checked before a step needs one. */
  connections?: readonly string[];
}
