/** The storage queues. The platform adds `<queue>-poison` to each. */
export const QUEUES = [
  "flow-changes",
  "flow-snapshots",
  "evaluation-shards",
  "run-completions",
  "release-requests",
  "turn-samples",
] as const;
export type QueueName = (typeof QUEUES)[number];
export type PoisonQueueName = `${QueueName}-poison`;

export interface Queue {
  /** Sends JSON. `delaySeconds`: not visible before that. Delivered at least once, in no order. */
  send(
    queue: QueueName | PoisonQueueName,
    message: object,
    options?: { delaySeconds?: number },
  ): Promise<void>;
}
