export { BlobServiceClient } from "@azure/storage-blob";
export { QueueServiceClient } from "@azure/storage-queue";
