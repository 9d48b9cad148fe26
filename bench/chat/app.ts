import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import path from "node:path";
import { createAppLog } from "../../local/app/app-log.ts";
import { createAppState, runHooks } from "../../local/app/app-state.ts";
import { supplyCoreModule } from "../../local/app/core-module.ts";
import { invoke } from "../../local/app/invoke.ts";
import { loadEntryFiles } from "../../local/app/load-entry-files.ts";
import { triggerOf } from "../../local/host/invocation-request.ts";

/**
 * The app as it is deployed, loaded as Azure's worker loads it, in one process: `node app.ts <entry>`. Requests come to
 * the library's own HTTP server with their invocation's id, as from a host, and are invoked through its programming
 * model. What a host would say of them over gRPC is made here.
 */
const [, , entry = ""] = process.argv;
/** Of what is in `dist/bench`. */
const ROOT = path.resolve(import.meta.dirname, "../..");
const app = createAppState();
const log = createAppLog(app, ({ rpcLog }) => {
  if (rpcLog?.level === "error" || rpcLog?.level === "warning") process.stderr.write(`${rpcLog.message}\n`);
});
supplyCoreModule(app, log);
await loadEntryFiles(ROOT, [entry]);
await runHooks(app, "appStart", { functionAppDirectory: ROOT, hookData: {}, appHookData: {} });
app.started = true;
const capabilities = (await app.programmingModel?.getCapabilities?.({})) ?? {};
const FUNCTION = "chat-completions";
const registered = app.functions.get(FUNCTION);
if (!registered) throw new Error(`${entry} registers no function ${FUNCTION}.`);
const { name: binding } = triggerOf(registered.metadata);

subscribe("http.server.request.start", (message) => {
  const { request } = message as { request: IncomingMessage };
  const invocationId = request.headers["x-ms-invocation-id"];
  if (typeof invocationId !== "string") return;
  const http = { method: request.method ?? "POST", url: request.url ?? "/" };
  const invocation = {
    invocationId,
    functionId: FUNCTION,
    inputData: [{ name: binding, data: { http } }],
    triggerMetadata: { Headers: { json: JSON.stringify(request.headers) } },
    traceContext: { traceParent: "", traceState: "", attributes: {} },
  };
  invoke(app, log, invocation).catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
});
process.on("disconnect", () => process.exit(0));
process.send?.({ port: Number(new URL(capabilities["HttpUri"] ?? "").port) });
