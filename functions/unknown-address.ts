import { app } from "@azure/functions";
import type { HttpMethod } from "@azure/functions";
import { unknownAddress } from "../pipelines/chat/unknown-address.ts";
import { servesPart } from "../shared/settings.ts";
import { jsonResponse } from "./text-response.ts";

// Where OpenAI's clients ask for what is not here, or ask with a base address that is not ours. Without an answer of its
// own such a request would end as "404 status code (no body)".
missing("unknown-v1", "v1/{*path}", ["GET", "POST", "DELETE"]);
missing("unknown-base", "chat/completions", ["POST"]);
missing("unknown-azure", "openai/{*path}", ["GET", "POST", "DELETE"]);

function missing(name: string, route: string, methods: HttpMethod[]): void {
  if (!servesPart("chat")) return;
  app.http(name, {
    methods,
    authLevel: "anonymous",
    route,
    handler: async (request) => {
      const { pathname } = new URL(request.url);
      const refusal = unknownAddress(`${request.method} ${pathname}`);
      return jsonResponse(refusal.status, {}, refusal.body());
    },
  });
}
