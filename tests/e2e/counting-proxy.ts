import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** Stands before a model and counts, by content, the calls that ask for an answer; those of a judge it lets pass. */
export interface CountingProxy extends AsyncDisposable {
  baseUrl: string;
  /** How often each distinct call was answered in full. */
  answered: Map<string, number>;
  /** How many calls came, answered or not. */
  came(): number;
  /** So many of the counted calls that come from now on are answered; the others wait. */
  hold(after: number): void;
  /** All that wait are answered, and all that come. */
  release(): void;
  close(): Promise<void>;
}

/** Forwards to `target` after `delayMs`, so that a test can act while calls are under way. */
export async function startCountingProxy(target: string, delayMs = 0): Promise<CountingProxy> {
  const answered = new Map<string, number>();
  let came = 0;
  /** How many calls may have come before they wait. */
  let free = Infinity;
  let released = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      const isChat = request.url?.includes("/chat/completions") === true;
      // A judge says what form its answer is to have.
      const counts = isChat && !body.includes('"response_format"');
      if (counts) came++;
      try {
        if (counts && came > free) await released.promise;
        await sleep(isChat ? delayMs : 0);
        const reply = await fetch(`${target}${request.url?.replace(/^\/v1/, "") ?? ""}`, {
          method: request.method ?? "POST",
          headers: { "content-type": "application/json" },
          ...(body.length > 0 && { body }),
        });
        const content = Buffer.from(await reply.arrayBuffer());
        response.writeHead(reply.status, {
          "content-type": reply.headers.get("content-type") ?? "application/json",
        });
        response.end(content);
        if (counts) {
          const name = createHash("sha256").update(body).digest("hex");
          answered.set(name, (answered.get(name) ?? 0) + 1);
        }
      } catch {
        response.destroy();
      }
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return {
    baseUrl: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/v1`,
    answered,
    came: () => came,
    hold(after) {
      free = came + after;
      released = Promise.withResolvers();
    },
    release() {
      free = Infinity;
      released.resolve();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
