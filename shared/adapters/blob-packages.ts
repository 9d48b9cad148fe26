export { BlobServiceClient } from "@azure/storage-blob";
