import { expect, test } from "vitest";
import { watchQueues } from "../../../pipelines/monitor/watch-queues.ts";
import { QUEUES } from "../../../shared/ports/queue.ts";
import { createMemoryTelemetry } from "../../fakes/memory-telemetry.ts";

test("what waits in each queue and its poison queue is recorded, and one that cannot be seen hides no other", async () => {
  const telemetry = createMemoryTelemetry();
  const problems: string[] = [];
  const look = async (queue: string) => {
    if (queue === "flow-changes") throw new Error("gone");
    return queue === "evaluation-shards"
      ? { messages: 7, oldestSeconds: 90 }
      : { messages: 0, oldestSeconds: 0 };
  };
  await watchQueues({ queueWatch: { look }, telemetry }, (problem) => problems.push(problem));

  const shards = telemetry.values.filter(
    ({ attributes }) => attributes["flowgate.queue"] === "evaluation-shards",
  );
  expect(shards.map(({ metric, value }) => [metric, value])).toEqual([
    ["flowgate.queue.messages", 7],
    ["flowgate.queue.age", 90],
  ]);
  const seen = new Set(telemetry.values.map(({ attributes }) => attributes["flowgate.queue"]));
  const all = QUEUES.flatMap((queue) => [queue, `${queue}-poison`]);
  expect(seen).toEqual(new Set(all.filter((queue) => queue !== "flow-changes")));
  expect(problems).toEqual(["flow-changes: gone"]);
});
