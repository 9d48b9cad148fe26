import { app } from "@azure/functions";
import type { HttpResponseInit } from "@azure/functions";
import { servesPart } from "../shared/settings.ts";
import { studioFiles } from "./studio-files.ts";

// The page shows what users, flows and models wrote: nothing in it runs, loads or is framed but its own files, and no
// text becomes HTML.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const ASSET = /^assets\/([\w.-]+)$/;

// Open to all, as it holds no data: what it shows it asks of the management API, which knows its callers.
if (servesPart("pipeline")) {
  app.http("studio", {
    methods: ["GET"],
    authLevel: "anonymous",
    route: "studio/{*path}",
    async handler({ params, headers }): Promise<HttpResponseInit> {
      const files = await studioFiles();
      const asset = ASSET.exec(params["path"] ?? "")?.[1];
      const file = files.get(asset ?? "index.html");
      if (!file) {
        const body =
          asset === undefined ? "The studio was not built: run `npm run build`." : "There is no such file.";
        return { status: asset === undefined ? 503 : 404, body };
      }
      const isGzip = /\bgzip\b/.test(headers.get("accept-encoding") ?? "");
      return {
        body: isGzip ? file.gzipped : file.body,
        headers: {
          "content-type": file.contentType,
          "content-security-policy": POLICY,
          "x-content-type-options": "nosniff",
          "referrer-policy": "same-origin",
          "cross-origin-opener-policy": "same-origin",
          // The name of an asset changes with what is in it.
          "cache-control": asset === undefined ? "no-cache" : "public, max-age=31536000, immutable",
          vary: "accept-encoding",
          ...(isGzip && { "content-encoding": "gzip" }),
        },
      };
    },
  });
}
