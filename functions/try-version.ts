import { tryVersion } from "../pipelines/chat/try-version.ts";
import { clientConnection } from "./client-connection.ts";
import { managementFunction } from "./management-function.ts";
import { pacedTexts } from "./paced-texts.ts";
import { textResponse } from "./text-response.ts";

managementFunction(
  "version-try",
  "POST",
  "api/flows/{flow}/versions/{version}/try",
  async (request, services, caller, context) => {
    services.callerRate.admit(caller.name);
    const connection = clientConnection(context.invocationId);
    const { flow = "", version = "" } = request.params;
    const body: unknown = await request.json().catch(() => undefined);
    const events = await tryVersion({ flow, version, body, onLeave: connection.onLeave }, services.trying);
    const headers = { "content-type": "application/x-ndjson", "cache-control": "no-cache" };
    return textResponse({ headers }, pacedTexts(lines(events), connection));
  },
);

async function* lines(events: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const event of events) yield `${JSON.stringify(event)}\n`;
}
