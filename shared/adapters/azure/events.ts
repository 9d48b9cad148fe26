import type { EventGridPublisherClient } from "@azure/eventgrid";
import type { Events } from "../../ports/events.ts";
import type { Settings } from "../../settings.ts";
import { createLazyCredential } from "./lazy-credential.ts";
import { retryCall } from "./retry-call.ts";

/**
 * An Event Grid custom topic (Event Grid schema), by key or by the process's identity. A retry may publish twice:
 * subscribers go by the event's id. Throws `RetryLaterError` while the topic is down. Without a topic nothing is
 * published: the ledger holds the same facts.
 */
export function createEvents(settings: Settings["eventGrid"]): Events {
  if (!settings) return { publish: async () => {} };
  let made: Promise<EventGridPublisherClient<"EventGrid">> | undefined;
  return {
    async publish(event) {
      const { id, subject, data } = event;
      const client = await (made ??= createClient(settings));
      await retryCall(`Publishing ${event.type}`, (_attempt, abortSignal) =>
        client.send([{ id, eventType: event.type, subject, eventTime: event.time, dataVersion: "1", data }], {
          abortSignal,
        }),
      );
    },
  };
}

/** Loaded with the first event: no request and no start waits for it. */
async function createClient({
  endpoint,
  key,
}: NonNullable<Settings["eventGrid"]>): Promise<EventGridPublisherClient<"EventGrid">> {
  const { AzureKeyCredential, EventGridPublisherClient: Client } = await import("@azure/eventgrid");
  return new Client(endpoint, "EventGrid", key ? new AzureKeyCredential(key) : createLazyCredential(), {
    allowInsecureConnection: endpoint.startsWith("http://"),
    retryOptions: { maxRetries: 0 },
  });
}
