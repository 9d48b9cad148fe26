import { messageOf } from "../../shared/errors.ts";
import { QUEUE_AGE, QUEUE_MESSAGES } from "../../shared/model/telemetry-names.ts";
import type { QueueWatch } from "../../shared/ports/queue-watch.ts";
import { QUEUES } from "../../shared/ports/queue.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";

/**
 * Records how many messages each queue and its poison queue hold, and how long the first of them has waited (seconds).
 * That this is recorded at all is also the sign that the pipeline lives. One queue that cannot be looked at holds up
 * no other; `report` is told.
 */
export async function watchQueues(
  { queueWatch, telemetry }: { queueWatch: QueueWatch; telemetry: Telemetry },
  report: (message: string) => void,
): Promise<void> {
  const names = QUEUES.flatMap((queue) => [queue, `${queue}-poison`] as const);
  await Promise.all(
    names.map(async (queue) => {
      try {
        const { messages, oldestSeconds } = await queueWatch.look(queue);
        telemetry.record(QUEUE_MESSAGES, messages, { "flowgate.queue": queue });
        telemetry.record(QUEUE_AGE, oldestSeconds, { "flowgate.queue": queue });
      } catch (error) {
        report(`${queue}: ${messageOf(error)}`);
      }
    }),
  );
}
