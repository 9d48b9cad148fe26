import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** Stands before a model and counts every chat call by its content. */
export interface CountingProxy extends AsyncDisposable {
  baseUrl: string;
  /** How often each distinct chat request was answered in full. */
  answered: Map<string, number>;
  /** Chat calls that came and are not answered. */
  underWay(): number;
  close(): Promise<void>;
}

/** Forwards to `target` after `delayMs`, so that a test can act while calls are under way. */
export async function startCountingProxy(target: string, delayMs = 0): Promise<CountingProxy> {
  const answered = new Map<string, number>();
  let underWay = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      const isChat = request.url?.includes("/chat/completions") === true;
      if (isChat) underWay++;
      try {
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
        if (isChat) {
          const name = createHash("sha256").update(body).digest("hex");
          answered.set(name, (answered.get(name) ?? 0) + 1);
        }
      } catch {
        response.destroy();
      } finally {
        if (isChat) underWay--;
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
    underWay: () => underWay,
    close,
    [Symbol.asyncDispose]: close,
  };
}
