import type { DequeuedMessageItem } from "@azure/storage-queue";
import type { RpcTypedData } from "../app/protocol.ts";

/**
 * The text of a message. With `base64`, messages that are plain text all the same are read as they are, so that any
 * client may write to the queue.
 */
export function textOfMessage(body: string, encoding: "base64" | "none"): string {
  if (encoding === "none") return body;
  const bytes = Buffer.from(body, "base64");
  if (bytes.toString("base64") !== body) return body;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return body;
  }
}

/** The handler's input: JSON where the text is some. */
export function inputOfMessage(text: string): RpcTypedData {
  try {
    JSON.parse(text);
    return { json: text };
  } catch {
    return { string: text };
  }
}

/** What `context.triggerMetadata` holds for a queue trigger. */
export function metadataOfMessage(message: DequeuedMessageItem, text: string): Record<string, RpcTypedData> {
  const json = (value: Date) => ({ json: JSON.stringify(value) });
  return {
    QueueTrigger: { string: text },
    Id: { string: message.messageId },
    DequeueCount: { int: message.dequeueCount },
    PopReceipt: { string: message.popReceipt },
    InsertionTime: json(message.insertedOn),
    ExpirationTime: json(message.expiresOn),
    NextVisibleTime: json(message.nextVisibleOn),
  };
}
