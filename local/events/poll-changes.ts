import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { BlobServiceClient } from "@azure/storage-blob";
import { messageOf } from "../../shared/errors.ts";
import type { HostLog } from "../host/host-log.ts";
import type { EventGridEvent } from "./event-grid-event.ts";

const EVERY_MS = 1_000;
const CONTAINERS = ["flows", "proposals"];

/**
 * Events for a storage account of the user's, whose requests cannot be watched and whose Event Grid does not reach a
 * laptop: compares listings every second. What changed while nobody looked is found at the first look, because
 * intake drops what it knows already.
 */
export function pollChanges(
  connectionString: string,
  offer: (event: EventGridEvent) => void,
  log: HostLog,
): { close(): Promise<void> } {
  const service = BlobServiceClient.fromConnectionString(connectionString);
  const stopped = new AbortController();
  const seen = new Map<string, string>();

  const look = async (): Promise<void> => {
    const present = new Map<string, string>();
    for (const container of CONTAINERS) {
      const subject = `/blobServices/default/containers/${container}/blobs/`;
      for await (const blob of service.getContainerClient(container).listBlobsFlat()) {
        present.set(`${subject}${blob.name}`, blob.properties.etag ?? "");
      }
    }
    for (const [subject, etag] of present) {
      if (seen.get(subject) !== etag) offer(eventOf(subject, "Microsoft.Storage.BlobCreated"));
      seen.set(subject, etag);
    }
    for (const subject of [...seen.keys()].filter((name) => !present.has(name))) {
      offer(eventOf(subject, "Microsoft.Storage.BlobDeleted"));
      seen.delete(subject);
    }
  };

  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await look().catch((error: unknown) => {
        log({ level: "warning", category: "Events", message: `storage was not listed: ${messageOf(error)}` });
      });
      await sleep(EVERY_MS, undefined, { signal: stopped.signal }).catch(() => {});
    }
  };
  const running = run();
  return {
    async close() {
      stopped.abort();
      await running;
    },
  };
}

function eventOf(subject: string, eventType: string): EventGridEvent {
  const now = new Date();
  return {
    id: randomUUID(),
    topic: "/flowgate/local/polled-storage",
    subject,
    eventType,
    eventTime: now.toISOString(),
    data: { sequencer: now.getTime().toString(16).padStart(32, "0") },
    dataVersion: "",
    metadataVersion: "1",
  };
}
