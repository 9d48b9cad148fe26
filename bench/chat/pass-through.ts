import { createServer } from "node:http";
import { Readable } from "node:stream";
import { HttpRequest, HttpResponse } from "@azure/functions";
import { Agent, request as send } from "undici";
import { serving } from "./serving.ts";

/**
 * What every function on HTTP costs at least: the library's own request and response classes around a call of undici
 * that passes everything through. `node pass-through.ts <upstream>`.
 */
const [, , upstream = ""] = process.argv;
const dispatcher = new Agent({ keepAliveTimeout: 30_000 });

async function handle(request: HttpRequest): Promise<HttpResponse> {
  const body = (await request.json()) as { stream?: boolean };
  const answer = await send(`${upstream}/chat/completions`, {
    dispatcher,
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer stub" },
    body: JSON.stringify(body),
  });
  const headers = { "content-type": String(answer.headers["content-type"]) };
  if (body.stream !== true)
    return new HttpResponse({ status: answer.statusCode, headers, body: await answer.body.text() });
  return new HttpResponse({
    status: answer.statusCode,
    headers,
    body: Readable.toWeb(answer.body) as unknown as ReadableStream,
  });
}

serving(
  createServer((incoming, outgoing) => {
    const pieces: Buffer[] = [];
    incoming.on("data", (piece: Buffer) => pieces.push(piece));
    incoming.on("end", () => {
      void (async () => {
        const request = new HttpRequest({
          method: incoming.method ?? "POST",
          url: `http://127.0.0.1${incoming.url ?? "/"}`,
          headers: incoming.headers as Record<string, string>,
          body: { bytes: Buffer.concat(pieces) },
        });
        const response = await handle(request);
        outgoing.statusCode = response.status;
        for (const [name, value] of response.headers.entries()) outgoing.setHeader(name, value);
        for await (const piece of response.body ?? []) outgoing.write(piece);
        outgoing.end();
      })();
    });
  }),
);
