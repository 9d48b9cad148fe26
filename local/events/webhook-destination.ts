import { randomUUID } from "node:crypto";
import { messageOf, PermanentError } from "../../shared/errors.ts";
import type { EventGridEvent } from "./event-grid-event.ts";

export interface Webhook {
  /** The subscription's name, which the webhook finds in a header. */
  name: string;
  url: string;
}

/** Statuses after which Azure does not try again. */
const FINAL_STATUSES = new Set([400, 401, 403, 413]);
const TIMEOUT_MS = 30_000;

/**
 * Sends the validation handshake: the webhook must answer 200 with the code it was given. Throws an error that says
 * what it answered instead. (Azure's other way, visiting `validationUrl` by hand, is not offered.)
 */
export async function validateWebhook(webhook: Webhook, topic: string): Promise<void> {
  const validationCode = randomUUID();
  const event: EventGridEvent = {
    id: randomUUID(),
    topic,
    subject: "",
    eventType: "Microsoft.EventGrid.SubscriptionValidationEvent",
    eventTime: new Date().toISOString(),
    data: { validationCode },
    dataVersion: "2",
    metadataVersion: "1",
  };
  const refused = (why: string) =>
    new Error(
      `The webhook ${webhook.name} did not pass the validation handshake: ${why}. ` +
        'It must answer a SubscriptionValidation request with 200 and {"validationResponse": <the code sent>}.',
    );
  const response = await post(webhook, "SubscriptionValidation", event, 1).catch((error: unknown) => {
    throw refused(messageOf(error));
  });
  if (!response.ok) throw refused(`it answered ${response.status}`);
  const answer: unknown = await response.json().catch(() => undefined);
  const validated =
    typeof answer === "object" &&
    answer !== null &&
    "validationResponse" in answer &&
    answer.validationResponse === validationCode;
  if (!validated) throw refused("its answer does not hold the code");
}

/** Delivers each event to a webhook, as an array of one. */
export function createWebhookDestination(
  webhook: Webhook,
): (event: EventGridEvent, attempt: number) => Promise<void> {
  return async (event, attempt) => {
    const response = await post(webhook, "Notification", event, attempt);
    await response.body?.cancel();
    if (response.ok) return;
    const outcome = `the webhook answered ${response.status}`;
    throw FINAL_STATUSES.has(response.status) ? new PermanentError(outcome) : new Error(outcome);
  };
}

function post(webhook: Webhook, kind: string, event: EventGridEvent, attempt: number): Promise<Response> {
  return fetch(webhook.url, {
    method: "POST",
    headers: {
      "content-type": "application/json; charset=utf-8",
      "aeg-event-type": kind,
      "aeg-subscription-name": webhook.name.toUpperCase(),
      "aeg-delivery-count": String(attempt - 1),
      "aeg-data-version": event.dataVersion,
      "aeg-metadata-version": event.metadataVersion,
    },
    body: JSON.stringify([event]),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}
