import { AzureKeyCredential, EventGridPublisherClient } from "@azure/eventgrid";
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
  const credential = settings.key ? new AzureKeyCredential(settings.key) : createLazyCredential();
  const client = new EventGridPublisherClient(settings.endpoint, "EventGrid", credential, {
    allowInsecureConnection: settings.endpoint.startsWith("http://"),
    retryOptions: { maxRetries: 0 },
  });
  return {
    async publish(event) {
      const { id, subject, data } = event;
      await retryCall(`Publishing ${event.type}`, (_attempt, abortSignal) =>
        client.send([{ id, eventType: event.type, subject, eventTime: event.time, dataVersion: "1", data }], {
          abortSignal,
        }),
      );
    },
  };
}
