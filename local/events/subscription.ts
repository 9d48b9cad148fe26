import { messageOf } from "../../shared/errors.ts";
import type { DeadLetter } from "./dead-letters.ts";
import type { EventGridEvent } from "./event-grid-event.ts";
import { DEFAULT_RETRY_POLICY, type GaveUp, retry, type RetryPolicy } from "./retry-policy.ts";

export interface SubscriptionOptions {
  name: string;
  /** Takes an event whose subject begins with one of these and whose type is listed; an absent list takes all. */
  filter: { subjectBeginsWith?: string[]; eventTypes?: string[] };
  /** One try; `attempt` counts from 1. A `PermanentError` ends the tries. */
  deliver: (event: EventGridEvent, attempt: number) => Promise<void>;
  /** Where events go that could not be delivered; without one they are dropped with a log line. */
  deadLetter?: (letter: DeadLetter) => Promise<void>;
  retry?: RetryPolicy;
  log: (message: string) => void;
}

export interface Subscription {
  /** Starts the delivery of an event that passes the filter; returns whether it does. */
  offer(event: EventGridEvent): boolean;
  /** Resolves when nothing is being delivered or waiting for another try. */
  idle(): Promise<void>;
  /** Ends waiting tries; what was not delivered by then is lost, and said so. */
  close(): Promise<void>;
}

/** As many tries at once as a burst may open connections for. */
const CONCURRENCY = 16;

/** The subject prefix of the blobs of one container. */
export function subjectOfContainer(container: string): string {
  return `/blobServices/default/containers/${container}/`;
}

/** An Event Grid subscription: filters, delivers at least once and in no order, tries again, and dead-letters. */
export function createSubscription(options: SubscriptionOptions): Subscription {
  const pending = new Set<Promise<void>>();
  const closing = new AbortController();
  const limit = createLimit(CONCURRENCY);

  const handle = async (event: EventGridEvent): Promise<void> => {
    const publishTime = new Date().toISOString();
    let outcome: GaveUp | undefined;
    try {
      outcome = await retry(
        (attempt) => limit(() => options.deliver(event, attempt)),
        options.retry ?? DEFAULT_RETRY_POLICY,
        closing.signal,
      );
    } catch {
      return options.log(`${options.name}: closed before ${event.eventType} ${event.subject} was delivered`);
    }
    if (!outcome) return;
    const tried = `attempt ${outcome.attempts}: ${outcome.lastOutcome}`;
    const failure = `${options.name}: ${event.eventType} ${event.subject} not delivered (${tried})`;
    if (!options.deadLetter) return options.log(`${failure}; dropped`);
    try {
      await options.deadLetter({ subscription: options.name, event, publishTime, ...outcome });
      options.log(`${failure}; dead-lettered`);
    } catch (error) {
      options.log(`${failure}; dead-lettering failed as well: ${messageOf(error)}`);
    }
  };

  return {
    offer(event) {
      if (!passes(event, options.filter)) return false;
      const delivery = handle(event).finally(() => pending.delete(delivery));
      pending.add(delivery);
      return true;
    },
    async idle() {
      while (pending.size > 0) await Promise.all(pending);
    },
    async close() {
      closing.abort();
      await Promise.all(pending);
    },
  };
}

function passes(event: EventGridEvent, filter: SubscriptionOptions["filter"]): boolean {
  const typeFits = filter.eventTypes?.includes(event.eventType) ?? true;
  const subjectFits = filter.subjectBeginsWith?.some((prefix) => event.subject.startsWith(prefix)) ?? true;
  return typeFits && subjectFits;
}

function createLimit(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((turn) => waiting.push(turn));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
