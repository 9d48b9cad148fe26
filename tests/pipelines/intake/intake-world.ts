import { randomUUID } from "node:crypto";
import { handleChange } from "../../../pipelines/intake/handle-change.ts";
import type { IntakeDependencies } from "../../../pipelines/intake/intake-dependencies.ts";
import type { FlowSource, IntakeState } from "../../../shared/model/intake.ts";
import type { SuiteManifest, VersionManifest } from "../../../shared/model/version.ts";
import { createOneAtATime } from "../../../shared/one-at-a-time.ts";
import type { FlowgateEvent } from "../../../shared/ports/events.ts";
import { readJson } from "../../../shared/registry/json-blob.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { writeSmallFlow } from "../../e2e/small-flow.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import { createMemoryQueue } from "../../fakes/memory-queue.ts";
import type { MemoryQueue } from "../../fakes/memory-queue.ts";
import { createMemorySpool } from "../../fakes/memory-spool.ts";
import type { MemorySpool } from "../../fakes/memory-spool.ts";
import { createMemoryTelemetry } from "../../fakes/memory-telemetry.ts";
import { createStillClock } from "../../fakes/still-clock.ts";
import type { StillClock } from "../../fakes/still-clock.ts";

export const FLOW = "shop";
export const MAIN: FlowSource = { container: "flows", flow: FLOW };

/** Intake on fakes, with a user who writes files and the events that storage raises of it. */
export interface IntakeWorld extends IntakeDependencies {
  queue: MemoryQueue;
  spool: MemorySpool;
  clock: StillClock;
  published: FlowgateEvent[];
  /** Writes a file of a flow; a second passes, so that every write has a time of its own. */
  write(path: string, text: string, source?: FlowSource): Promise<void>;
  remove(path: string): Promise<void>;
  /** Every file of the small flow and the `.commit.json` that closes it. */
  pushSmallFlow(source?: FlowSource): Promise<void>;
  /** What intake does of the event that a write of this file raises now. */
  changed(path: string, source?: FlowSource, type?: "BlobCreated" | "BlobDeleted"): Promise<void>;
  state(source?: FlowSource): Promise<IntakeState | undefined>;
  versions(): Promise<VersionManifest[]>;
  suites(): Promise<SuiteManifest[]>;
}

export function createIntakeWorld(): IntakeWorld {
  const clock = createStillClock();
  const store = createMemoryBlobStore(clock.now);
  const published: FlowgateEvent[] = [];
  const folderOf = (source: FlowSource): string =>
    source.container === "flows" ? source.flow : `${source.proposal}/${source.flow}`;
  const manifests = async <T>(kind: "versions" | "suites"): Promise<T[]> => {
    const ids = await store.listFolders("registry", `${FLOW}/${kind}/`);
    const read = ids.map((id) => readJson<T>(store, "registry", `${FLOW}/${kind}/${id}/manifest.json`));
    return (await Promise.all(read)).flatMap((manifest) => (manifest ? [manifest.value] : []));
  };
  const world: IntakeWorld = {
    store,
    clock,
    published,
    queue: createMemoryQueue(),
    spool: createMemorySpool(),
    telemetry: createMemoryTelemetry(),
    events: { publish: async (event) => void published.push(event) },
    oneAtATime: createOneAtATime(),
    settleMs: 2_000,
    judgeModel: "test/judge",
    embeddingModel: "test/embedding",
    async write(path, text, source = MAIN) {
      clock.advance(1_000);
      await store.write(source.container, `${folderOf(source)}/${path}`, text);
    },
    async remove(path) {
      clock.advance(1_000);
      await store.delete("flows", `${FLOW}/${path}`);
    },
    async pushSmallFlow(source = MAIN) {
      for (const [path, text] of writeSmallFlow(source.flow)) await world.write(path, text, source);
      await world.write(".commit.json", JSON.stringify({ pushId: randomUUID(), author: "Ada" }), source);
    },
    async changed(path, source = MAIN, type = "BlobCreated") {
      const subject = `/blobServices/default/containers/${source.container}/blobs/${folderOf(source)}/${path}`;
      const eventTime = clock.now().toISOString();
      const message = {
        id: randomUUID(),
        eventType: `Microsoft.Storage.${type}`,
        subject,
        eventTime,
        data: {},
      };
      await handleChange(message, world);
    },
    state: async (source = MAIN) =>
      (await readJson<IntakeState>(store, "registry", registryPath.intake(source)))?.value,
    versions: () => manifests<VersionManifest>("versions"),
    suites: () => manifests<SuiteManifest>("suites"),
  };
  return world;
}
