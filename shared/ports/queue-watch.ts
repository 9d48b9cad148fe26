import type { PoisonQueueName, QueueName } from "./queue.ts";

/** What waits in a queue now. */
export interface QueueState {
  /** Those that are being worked on or not yet due included; about right. */
  messages: number;
  /** Seconds that the first of those that could be taken has been there; 0 where none waits. */
  oldestSeconds: number;
}

/** Looks at queues without taking anything. */
export interface QueueWatch {
  look(queue: QueueName | PoisonQueueName): Promise<QueueState>;
}
