import { app } from "@azure/functions";
import { Agent } from "undici";
import { passThrough } from "./pass-through.ts";

/**
 * What a function on HTTP costs with the library as it is published: a pass-through as an app of its own, of the same
 * function's name, in the same surroundings as Flowgate.
 */
app.setup({ enableHttpStream: true });

const dispatcher = new Agent({ keepAliveTimeout: 30_000 });
const [upstream = ""] = process.argv.slice(3);

app.http("chat-completions", {
  methods: ["POST"],
  authLevel: "anonymous",
  route: "v1/chat/completions",
  handler: (request) => passThrough(request, upstream, dispatcher),
});
