import type { PoisonQueueName, Queue, QueueName } from "../../shared/ports/queue.ts";

export interface SentMessage {
  queue: QueueName | PoisonQueueName;
  /** As a reader gets it: parsed from JSON. */
  message: unknown;
  delaySeconds: number;
}

export interface MemoryQueue extends Queue {
  readonly sent: SentMessage[];
  /** Takes what was sent to a queue, oldest first, whatever its delay. */
  take(queue: QueueName | PoisonQueueName): unknown[];
}

/** Queues in memory that remember what was sent. */
export function createMemoryQueue(): MemoryQueue {
  const sent: SentMessage[] = [];
  return {
    sent,
    async send(queue, message, options = {}) {
      const copy: unknown = JSON.parse(JSON.stringify(message));
      sent.push({ queue, message: copy, delaySeconds: options.delaySeconds ?? 0 });
    },
    take(queue) {
      const taken = sent.filter((entry) => entry.queue === queue);
      const left = sent.filter((entry) => entry.queue !== queue);
      sent.splice(0, sent.length, ...left);
      return taken.map((entry) => entry.message);
    },
  };
}
