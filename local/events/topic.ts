import { randomBytes, timingSafeEqual } from "node:crypto";
import { mkdirSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { messageOf } from "../../shared/errors.ts";
import type { EventGridEvent } from "./event-grid-event.ts";
import { problem, type ServiceReply, type ServiceRequest, startHttpService } from "./http-service.ts";
import type { RetryPolicy } from "./retry-policy.ts";
import { createSubscription, type Subscription } from "./subscription.ts";
import { createWebhookDestination, validateWebhook, type Webhook } from "./webhook-destination.ts";

export interface TopicOptions {
  /** Holds `events.jsonl`, to which every event is added; made where it is missing. */
  folder: string;
  /** 0 or absent: a free one. */
  port?: number;
  /** Absent: a random one. */
  key?: string;
  /** How webhooks are tried again. */
  retry?: RetryPolicy;
  log?: (message: string) => void;
}

export interface Topic {
  /** Where `EventGridPublisherClient` sends to; over http it needs `allowInsecureConnection`. */
  endpoint: string;
  key: string;
  /** The newest 1,000, oldest first. */
  events(): EventGridEvent[];
  /**
   * Forwards every event from now on, to a function or, after the validation handshake, to a webhook. Returns what
   * ends it. Throws where the handshake fails.
   */
  subscribe(subscriber: ((event: EventGridEvent) => void) | Webhook): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const TOPIC =
  "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/flowgate-local" +
  "/providers/Microsoft.EventGrid/topics/flowgate";
const REMEMBERED = 1000;
/** Azure's limit for one request. */
const MAX_BODY_BYTES = 1024 * 1024;

const publishedSchema = z.array(
  z.object({
    id: z.string().min(1),
    subject: z.string().min(1),
    eventType: z.string().min(1),
    eventTime: z.iso.datetime({ offset: true }),
    data: z.unknown().refine((data) => data !== undefined, "is missing"),
    dataVersion: z.string(),
    topic: z.string().optional(),
  }),
);

/** Starts an Event Grid custom topic: takes events in the Event Grid schema and forwards them to its subscribers. */
export async function startTopic(options: TopicOptions): Promise<Topic> {
  const key = options.key ?? randomBytes(32).toString("base64");
  const log = options.log ?? (() => undefined);
  const file = join(options.folder, "events.jsonl");
  mkdirSync(options.folder, { recursive: true });
  const remembered: EventGridEvent[] = [];
  const subscribers = new Set<(event: EventGridEvent) => void>();
  const webhooks = new Set<Subscription>();

  const accept = async (events: EventGridEvent[]): Promise<void> => {
    await appendFile(file, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    remembered.push(...events);
    remembered.splice(0, remembered.length - REMEMBERED);
    for (const event of events) {
      for (const subscriber of subscribers) {
        try {
          subscriber(event);
        } catch (error) {
          log(`a subscriber of the topic failed: ${messageOf(error)}`);
        }
      }
    }
  };

  const answer = async (request: ServiceRequest): Promise<ServiceReply> => {
    if (request.url.pathname !== "/api/events") return problem(404, "NotFound", "Events go to /api/events.");
    if (request.method !== "POST") return problem(405, "MethodNotAllowed", "Events are sent with POST.");
    if (!isKey(request.headers["aeg-sas-key"], key)) {
      return problem(401, "Unauthorized", "The header aeg-sas-key is missing or holds another key.");
    }
    if (!request.url.searchParams.has("api-version")) {
      return problem(400, "BadRequest", "The query parameter api-version is missing; send 2018-01-01.");
    }
    const published = readPublished(request.body);
    if (typeof published === "string") return problem(400, "BadRequest", published);
    await accept(published);
    return { status: 200 };
  };
  const service = await startHttpService({
    name: "embedded Event Grid topic",
    port: options.port,
    maxBodyBytes: MAX_BODY_BYTES,
    answer,
  });

  return {
    endpoint: `${service.url}/api/events`,
    key,
    events: () => [...remembered],
    async subscribe(subscriber) {
      if (typeof subscriber === "function") {
        subscribers.add(subscriber);
        return async () => void subscribers.delete(subscriber);
      }
      await validateWebhook(subscriber, TOPIC);
      const subscription = createSubscription({
        name: subscriber.name,
        filter: {},
        deliver: createWebhookDestination(subscriber),
        log,
        ...(options.retry && { retry: options.retry }),
      });
      const offer = (event: EventGridEvent): void => void subscription.offer(event);
      subscribers.add(offer);
      webhooks.add(subscription);
      return async () => {
        subscribers.delete(offer);
        webhooks.delete(subscription);
        await subscription.close();
      };
    },
    async close() {
      await service.close();
      await Promise.all([...webhooks].map((webhook) => webhook.close()));
    },
  };
}

/** The events of a request's body, completed as Azure does, or what is wrong with it. */
function readPublished(body: Buffer): EventGridEvent[] | string {
  let json: unknown;
  try {
    json = JSON.parse(body.toString("utf8"));
  } catch (error) {
    return `The body is no JSON: ${messageOf(error)}`;
  }
  const parsed = publishedSchema.safeParse(json);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
    return `The body is no array of events in the Event Grid schema: ${issues.join("; ")}`;
  }
  if (parsed.data.some((event) => event.topic !== undefined && event.topic !== TOPIC)) {
    return `An event names another topic; leave it out, or send ${TOPIC}.`;
  }
  return parsed.data.map((event) => ({ ...event, topic: TOPIC, metadataVersion: "1" }));
}

function isKey(given: string | string[] | undefined, key: string): boolean {
  if (typeof given !== "string") return false;
  const [one, other] = [Buffer.from(given), Buffer.from(key)];
  return one.length === other.length && timingSafeEqual(one, other);
}
