import { setTimeout as sleep } from "node:timers/promises";
import type { DequeuedMessageItem, QueueClient } from "@azure/storage-queue";
import { messageOf } from "../../shared/errors.ts";
import type { RpcTypedData } from "../app/protocol.ts";
import type { QueueSettings } from "./host-configuration.ts";
import type { HostLog } from "./host-log.ts";
import { AppProcessEndedError } from "./invocation-errors.ts";
import { inputOfMessage, metadataOfMessage, textOfMessage } from "./queue-message.ts";

export interface QueueListenerOptions {
  queue: QueueClient;
  poison: QueueClient;
  settings: QueueSettings;
  /** How long a message is invisible while it is worked on; renewed at half. Azure: 10 minutes. */
  leaseSeconds: number;
  /** Waits until the app process that works on the messages is there. Rejects on abort. */
  ready(signal: AbortSignal): Promise<unknown>;
  invoke(input: RpcTypedData, triggerMetadata: Record<string, RpcTypedData>): Promise<void>;
  log: HostLog;
}

export interface QueueListener {
  /** A message has just arrived: look now. */
  wake(): void;
  /** Takes no further message. Resolves when none is being received. */
  stop(): Promise<void>;
  /** Resolves when every message in flight was deleted, moved or released. */
  idle(): Promise<void>;
}

const SHORTEST_POLL_MS = 100;

/**
 * Works on the messages of one queue with one app process, as the Functions host does: at most `batchSize` +
 * `newBatchThreshold` at once; a message whose handler fails is visible again after `visibilityTimeout`, and after
 * `maxDequeueCount` attempts it moves to the poison queue, its body kept. A message whose app process ended is
 * released at once.
 */
export function startQueueListener(options: QueueListenerOptions): QueueListener {
  const { queue, poison, settings, leaseSeconds } = options;
  const active = new Set<Promise<void>>();
  const stopping = new AbortController();
  let awake = new AbortController();
  let changed = Promise.withResolvers<void>();
  let storageIsAway = false;

  async function poll(): Promise<void> {
    let delayMs = SHORTEST_POLL_MS;
    while (!stopping.signal.aborted) {
      await options.ready(stopping.signal);
      while (active.size > settings.newBatchThreshold && !stopping.signal.aborted) {
        changed = Promise.withResolvers();
        await changed.promise;
      }
      if (stopping.signal.aborted) return;
      awake = new AbortController();
      const messages = await receive();
      for (const message of messages) {
        const work = (stopping.signal.aborted ? release(message) : handle(message)).catch(warn);
        const tracked = work.finally(() => {
          active.delete(tracked);
          changed.resolve();
        });
        active.add(tracked);
      }
      if (messages.length > 0) delayMs = SHORTEST_POLL_MS;
      else {
        const signal = AbortSignal.any([awake.signal, stopping.signal]);
        await sleep(delayMs, undefined, { signal }).catch(() => {});
        // Jitter keeps the processes that share a queue from asking in step.
        delayMs = awake.signal.aborted
          ? SHORTEST_POLL_MS
          : Math.min(settings.maxPollingIntervalMs, delayMs * (1.6 + 0.8 * Math.random()));
      }
    }
  }

  async function receive(): Promise<DequeuedMessageItem[]> {
    try {
      const { receivedMessageItems } = await queue.receiveMessages({
        numberOfMessages: settings.batchSize,
        visibilityTimeout: leaseSeconds,
      });
      storageIsAway = false;
      return receivedMessageItems;
    } catch (error) {
      if (!storageIsAway) warn(error);
      storageIsAway = true;
      return [];
    }
  }

  async function handle(message: DequeuedMessageItem): Promise<void> {
    // A lease that ran out, such as after a kill of the host, counted as an attempt too.
    if (message.dequeueCount > settings.maxDequeueCount) return moveToPoison(message);
    const text = textOfMessage(message.messageText, settings.messageEncoding);
    let renewal = Promise.resolve();
    const renewing = setInterval(
      () => {
        renewal = renewal.then(() => setVisibility(message, leaseSeconds)).catch(warn);
      },
      (leaseSeconds * 1000) / 2,
    );
    const failure = await options.invoke(inputOfMessage(text), metadataOfMessage(message, text)).then(
      () => undefined,
      (error: unknown) => ({ appEnded: error instanceof AppProcessEndedError }),
    );
    clearInterval(renewing);
    await renewal;
    if (!failure) await queue.deleteMessage(message.messageId, message.popReceipt);
    else if (failure.appEnded && stopping.signal.aborted) await release(message);
    else if (message.dequeueCount >= settings.maxDequeueCount) await moveToPoison(message);
    else if (failure.appEnded) await release(message);
    else await setVisibility(message, settings.visibilityTimeoutMs / 1000);
  }

  async function setVisibility(message: DequeuedMessageItem, seconds: number): Promise<void> {
    const updated = await queue.updateMessage(message.messageId, message.popReceipt, undefined, seconds);
    if (updated.popReceipt !== undefined) message.popReceipt = updated.popReceipt;
  }

  function release(message: DequeuedMessageItem): Promise<void> {
    return setVisibility(message, 0);
  }

  async function moveToPoison(message: DequeuedMessageItem): Promise<void> {
    await poison.sendMessage(message.messageText);
    await queue.deleteMessage(message.messageId, message.popReceipt);
    const text = `Message ${message.messageId} of ${queue.name} failed ${settings.maxDequeueCount} times: moved to ${poison.name}.`;
    options.log({ level: "error", category: "Host.Queues", message: text });
  }

  function warn(error: unknown): void {
    const message = `Queue ${queue.name}: ${messageOf(error)}`;
    options.log({ level: "warning", category: "Host.Queues", message });
  }

  const polling = poll().catch((error: unknown) => {
    if (!stopping.signal.aborted) warn(error);
  });
  return {
    wake: () => awake.abort(),
    async stop() {
      stopping.abort();
      changed.resolve();
      await polling;
    },
    async idle() {
      while (active.size > 0) await Promise.all(active);
    },
  };
}
