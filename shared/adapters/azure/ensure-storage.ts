import { CONTAINERS } from "../../ports/blob-store.ts";
import { QUEUES } from "../../ports/queue.ts";
import type { StorageSettings } from "../../settings.ts";
import { retryCall } from "./retry-call.ts";
import { createBlobServiceClient, createQueueServiceClient } from "./storage-clients.ts";

/** Creates the containers and queues (each with its `-poison` queue) that are missing; returns their names. */
export async function ensureStorage(settings: StorageSettings): Promise<string[]> {
  const blobs = createBlobServiceClient(settings);
  const queues = createQueueServiceClient(settings);
  const created = await Promise.all([
    ...CONTAINERS.map((name) =>
      retryCall(`Creating container ${name}`, async () => {
        const { succeeded } = await blobs.getContainerClient(name).createIfNotExists();
        return succeeded ? [name] : [];
      }),
    ),
    ...QUEUES.flatMap((name) => [name, `${name}-poison`]).map((name) =>
      retryCall(`Creating queue ${name}`, async () => {
        const { succeeded } = await queues.getQueueClient(name).createIfNotExists();
        return succeeded ? [name] : [];
      }),
    ),
  ]);
  return created.flat();
}
