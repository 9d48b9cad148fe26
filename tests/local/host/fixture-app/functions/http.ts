import { existsSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { app } from "@azure/functions";
import type { HttpRequest } from "@azure/functions";

app.http("echo", {
  route: "echo/{first}/{second?}",
  methods: ["GET", "POST", "DELETE"],
  handler: async (request, context) => ({
    status: 201,
    headers: { "x-fixture": "echo" },
    jsonBody: {
      method: request.method,
      url: request.url,
      parameters: request.params,
      header: request.headers.get("x-given"),
      body: await request.text(),
      pid: process.pid,
      setting: process.env["FIXTURE_SETTING"],
      trace: context.traceContext?.traceParent,
    },
  }),
});
app.http("literal", { route: "echo/exactly", handler: () => ({ body: "literal" }) });
app.http("everything", {
  route: "{*rest}",
  methods: ["PUT"],
  handler: (request) => ({ body: request.params["rest"] ?? "" }),
});
app.http("hooked", { handler: () => ({ body: "hooked" }) });
app.http("guarded", { authLevel: "function", handler: () => ({ body: "guarded" }) });
app.http("administration", { authLevel: "admin", handler: () => ({ body: "administration" }) });
app.http("stream", {
  methods: ["POST"],
  handler: (request: HttpRequest) => ({
    headers: { "content-type": "text/event-stream" },
    body: request.body!,
  }),
});
app.http("size", {
  methods: ["POST"],
  handler: async (request: HttpRequest) => {
    let bytes = 0;
    for await (const chunk of request.body ?? []) bytes += (chunk as Uint8Array).length;
    return { jsonBody: { bytes } };
  },
});
app.http("throwing", {
  handler: () => {
    throw new Error("thrown on purpose");
  },
});
app.http("silent", { handler: () => undefined as unknown as object });
app.http("throwing-midway", {
  handler: () => {
    async function* parts() {
      yield Buffer.from("first part\n");
      await sleep(200);
      throw new Error("thrown midway");
    }
    return { body: parts() };
  },
});
app.http("endless", {
  handler: (request, context) => {
    const end = request.query.get("until") ?? "";
    async function* parts() {
      for (let index = 0; !existsSync(end); index += 1) {
        yield Buffer.from(`part ${index}\n`);
        await sleep(50);
      }
      context.log("endless came to its end");
    }
    return { body: parts() };
  },
});
app.http("never", { handler: () => new Promise<object>(() => {}) });
app.http("held", {
  handler: async (request, context) => {
    const end = request.query.get("until") ?? "";
    context.log("held has begun");
    while (!existsSync(end)) await sleep(10);
    return { body: "late but sure" };
  },
});
app.http("talking", {
  handler: (_, context) => {
    context.warn("said through the context: %d", 42);
    console.log("said through the console");
    writeSync(2, "said on stderr\n");
    return { body: "talked" };
  },
});
