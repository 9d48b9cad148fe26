import { Readable } from "node:stream";
import { app, type HttpResponseInit } from "@azure/functions";
import { Agent, request as send } from "undici";

/**
 * What every function on HTTP costs at least: the library's request and response around a call of undici that passes
 * everything through. An app of its own, of the same function's name, in the same surroundings as Flowgate.
 */
app.setup({ enableHttpStream: true });

const dispatcher = new Agent({ keepAliveTimeout: 30_000 });
const [upstream = ""] = process.argv.slice(3);

app.http("chat-completions", {
  methods: ["POST"],
  authLevel: "anonymous",
  route: "v1/chat/completions",
  handler: async (request): Promise<HttpResponseInit> => {
    const body = (await request.json()) as { stream?: boolean };
    const {
      statusCode: status,
      headers: given,
      body: answer,
    } = await send(`${upstream}/chat/completions`, {
      dispatcher,
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer stub" },
      body: JSON.stringify(body),
    });
    const headers = { "content-type": String(given["content-type"]) };
    if (body.stream !== true) return { status, headers, body: await answer.text() };
    return { status, headers, body: Readable.toWeb(answer) as unknown as ReadableStream };
  },
});
