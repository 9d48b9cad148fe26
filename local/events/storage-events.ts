import { randomUUID } from "node:crypto";
import type { BlobNotice } from "../storage/storage-notice.ts";
import type { EventGridEvent } from "./event-grid-event.ts";

const EVENT_TYPES = {
  created: "Microsoft.Storage.BlobCreated",
  deleted: "Microsoft.Storage.BlobDeleted",
} as const;

export interface StorageAccount {
  accountName: string;
  blobEndpoint: string;
}

/**
 * Makes the function that turns the tap's notices into the events Azure's storage raises. Two differences: a deleted
 * blob's event lacks `contentType` and `blobType`, because the emulator has forgotten them by then; and the events of
 * a batch delete are missing.
 */
export function createStorageEvents(account: StorageAccount): (notice: BlobNotice) => EventGridEvent {
  const nextSequencer = createSequencer();
  const topic =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/flowgate-local" +
    `/providers/Microsoft.Storage/storageAccounts/${account.accountName}`;
  return (notice) => ({
    topic,
    subject: `/blobServices/default/containers/${notice.container}/blobs/${notice.blob}`,
    eventType: EVENT_TYPES[notice.kind],
    id: randomUUID(),
    data: {
      api: notice.api,
      clientRequestId: notice.clientRequestId,
      requestId: notice.requestId,
      eTag: notice.etag,
      contentType: notice.contentType,
      contentLength: notice.contentLength,
      blobType: notice.blobType,
      url: `${account.blobEndpoint}/${notice.container}/${encodeName(notice.blob)}`,
      sequencer: nextSequencer(),
      storageDiagnostics: { batchId: randomUUID() },
    },
    dataVersion: "",
    metadataVersion: "1",
    eventTime: notice.time,
  });
}

/**
 * Strings of 32 hexadecimal digits that sort in the order they were made, after a restart and a clock set back within
 * one run as well: milliseconds, then a counter.
 */
function createSequencer(): () => string {
  let latest = 0;
  let count = 0;
  return () => {
    latest = Math.max(latest, Date.now());
    count += 1;
    return latest.toString(16).padStart(16, "0") + count.toString(16).padStart(16, "0");
  };
}

function encodeName(blob: string): string {
  return blob.split("/").map(encodeURIComponent).join("/");
}
