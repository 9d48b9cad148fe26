import type { BlobServiceClient } from "@azure/storage-blob";
import type { QueueServiceClient } from "@azure/storage-queue";
import { SettingsError } from "../../errors.ts";
import type { StorageSettings } from "../../settings.ts";
import { blobPackages, queuePackages } from "../load-later.ts";
import { createLazyCredential } from "./lazy-credential.ts";

// `retryCall` retries; the SDKs' own retries would hide from a write that it is one.
const OPTIONS = { retryOptions: { maxTries: 1 } };

/** A client of the account's blobs. Connections are kept alive and shared by the process. */
export function createBlobServiceClient(settings: StorageSettings): BlobServiceClient {
  const { BlobServiceClient } = blobPackages();
  if ("accountName" in settings) {
    const url = `https://${settings.accountName}.blob.core.windows.net`;
    return new BlobServiceClient(url, createLazyCredential(settings.identity), OPTIONS);
  }
  return fromConnectionString(() =>
    BlobServiceClient.fromConnectionString(settings.connectionString, OPTIONS),
  );
}

/** A client of the account's queues. */
export function createQueueServiceClient(settings: StorageSettings): QueueServiceClient {
  const { QueueServiceClient } = queuePackages();
  if ("accountName" in settings) {
    const url = `https://${settings.accountName}.queue.core.windows.net`;
    return new QueueServiceClient(url, createLazyCredential(settings.identity), OPTIONS);
  }
  return fromConnectionString(() =>
    QueueServiceClient.fromConnectionString(settings.connectionString, OPTIONS),
  );
}

function fromConnectionString<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    // The SDK's message may quote the string, which holds the key.
    throw new SettingsError(
      "AzureWebJobsStorage is not a storage connection string. Copy it from the account's access keys, or set AzureWebJobsStorage__accountName.",
      { cause: error instanceof Error ? error.name : undefined },
    );
  }
}
