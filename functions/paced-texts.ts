import type { ClientConnection } from "./client-connection.ts";

/**
 * The texts of an answer, the next asked for once the client has taken the last. It never fails, because a request whose
 * body does never ends on the platform.
 */
export async function* pacedTexts(
  texts: AsyncIterable<string>,
  connection: ClientConnection,
): AsyncGenerator<string> {
  try {
    for await (const text of texts) {
      yield text;
      await connection.drained();
    }
  } catch {
    // What there was to say of it was the last text.
  }
}
