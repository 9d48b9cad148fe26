import type { ClientConnection } from "./client-connection.ts";

/**
 * Texts as the body of an answer: the next is asked for once the client has taken the last. It never fails, because a
 * request whose body does never ends on the platform.
 */
export function streamBody(texts: AsyncIterable<string>, connection: ClientConnection): ReadableStream {
  const encoder = new TextEncoder();
  const iterator = texts[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          await connection.drained();
          const { done, value } = await iterator.next();
          if (done) controller.close();
          else controller.enqueue(encoder.encode(value));
        } catch {
          controller.close();
        }
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
