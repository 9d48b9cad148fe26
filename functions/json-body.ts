import { ChatError } from "../pipelines/chat/chat-error.ts";
import { messageOf } from "../shared/errors.ts";

/** A body that is read as JSON. Throws `ChatError` (400) that says where it is none. */
export async function jsonBody(reading: Promise<string>): Promise<unknown> {
  try {
    return JSON.parse((await reading).replace(/^\uFEFF/, ""));
  } catch (error) {
    const message = `The body is not JSON (${messageOf(error)}). Send an object, as UTF-8 and not compressed.`;
    throw new ChatError(400, "invalid_request_error", "invalid_json", message);
  }
}
