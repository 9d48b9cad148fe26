import { randomUUID } from "node:crypto";
import { BlobServiceClient } from "@azure/storage-blob";
import type { EventGridEvent } from "./event-grid-event.ts";
import type { GaveUp } from "./retry-policy.ts";

export interface DeadLetter extends GaveUp {
  subscription: string;
  event: EventGridEvent;
  /** When the event was taken in; ISO 8601. */
  publishTime: string;
}

/** Writes undelivered events to container `dead-letters`, one blob each, in the shape of Azure's dead letters. */
export function createDeadLetters(connectionString: string): (letter: DeadLetter) => Promise<void> {
  const container =
    BlobServiceClient.fromConnectionString(connectionString).getContainerClient("dead-letters");
  return async (letter) => {
    await container.createIfNotExists();
    const [day = "", time = ""] = letter.lastAttemptTime.split("T");
    const name = `${letter.subscription}/${day.replaceAll("-", "/")}/${time.slice(0, 2)}/${randomUUID()}.json`;
    const body = JSON.stringify([
      {
        ...letter.event,
        deadLetterReason: letter.reason,
        deliveryAttempts: letter.attempts,
        lastDeliveryOutcome: letter.lastOutcome,
        publishTime: letter.publishTime,
        lastDeliveryAttemptTime: letter.lastAttemptTime,
      },
    ]);
    await container.getBlockBlobClient(name).upload(body, Buffer.byteLength(body), {
      blobHTTPHeaders: { blobContentType: "application/json" },
    });
  };
}
