import { Readable } from "node:stream";
import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { request as send, type Dispatcher } from "undici";

/** Asks upstream what was asked, and answers what it answered. */
export async function passThrough(
  request: HttpRequest,
  upstream: string,
  dispatcher: Dispatcher,
): Promise<HttpResponseInit> {
  const asked = (await request.json()) as { stream?: boolean };
  const { statusCode, headers, body } = await send(`${upstream}/chat/completions`, {
    dispatcher,
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer stub" },
    body: JSON.stringify(asked),
  });
  return {
    status: statusCode,
    headers: { "content-type": String(headers["content-type"]) },
    body: asked.stream === true ? (Readable.toWeb(body) as ReadableStream) : await body.text(),
  };
}
