import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { HttpRequest, HttpResponse } from "@azure/functions";
import { Agent } from "undici";
import { passThrough } from "./pass-through.ts";
import { serving } from "./serving.ts";

/**
 * The Functions library's request and response as they are published, around a call of undici, in a server of Node's. No
 * host, no worker and no function: `function.ts` has the same lines with the last two.
 */
const dispatcher = new Agent({ keepAliveTimeout: 30_000 });
const [, , upstream = ""] = process.argv;

const server = createServer((incoming, response) => {
  void (async () => {
    const request = await requestOf(incoming);
    const answer = new HttpResponse(await passThrough(request, upstream, dispatcher));
    response.statusCode = answer.status;
    for (const [name, value] of answer.headers.entries()) response.setHeader(name, value);
    if (answer.body) for await (const piece of answer.body.values()) response.write(piece);
    response.end();
  })().catch((error: unknown) => response.destroy(error as Error));
});
serving(server);

async function requestOf(incoming: IncomingMessage): Promise<HttpRequest> {
  return new HttpRequest({
    url: `http://127.0.0.1${incoming.url ?? "/"}`,
    method: incoming.method ?? "POST",
    headers: incoming.headers as Record<string, string>,
    body: { bytes: await buffer(incoming) },
  });
}
