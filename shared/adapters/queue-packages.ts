export { QueueServiceClient } from "@azure/storage-queue";
