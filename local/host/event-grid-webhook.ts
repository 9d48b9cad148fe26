import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import * as z from "zod";
import type { FunctionMetadata, RpcTypedData } from "../app/protocol.ts";

const eventSchema = z.looseObject({ eventType: z.string().optional(), data: z.unknown() });
const validationSchema = z.object({ data: z.object({ validationCode: z.string() }) });

/**
 * Answers one delivery of Event Grid to an Event Grid trigger function: the validation handshake, or a batch of
 * events. 202 only when every invocation has finished; 500 when one failed, and Event Grid sends the batch again.
 */
export async function answerEventGrid(
  metadata: FunctionMetadata,
  invoke: (
    metadata: FunctionMetadata,
    input: RpcTypedData,
    data: Record<string, RpcTypedData>,
  ) => Promise<void>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const parsed = z
    .union([z.array(eventSchema), eventSchema.transform((event) => [event])])
    .safeParse(await json(request).catch(() => undefined));
  if (!parsed.success) {
    response.writeHead(400).end("The body is no Event Grid event and no array of them.");
    return;
  }
  const events = parsed.data;
  if (request.headers["aeg-event-type"] === "SubscriptionValidation") {
    const validation = validationSchema.safeParse(events[0]);
    if (!validation.success) {
      response.writeHead(400).end("The validation event has no data.validationCode.");
      return;
    }
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ validationResponse: validation.data.data.validationCode }));
    return;
  }
  const outcomes = await Promise.allSettled(
    events.map((event) =>
      invoke(
        metadata,
        { json: JSON.stringify(event) },
        { data: { json: JSON.stringify(event.data ?? null) } },
      ),
    ),
  );
  response.writeHead(outcomes.every((outcome) => outcome.status === "fulfilled") ? 202 : 500).end();
}
