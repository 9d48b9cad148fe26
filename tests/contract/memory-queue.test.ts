import { expect, test } from "vitest";
import { createMemoryQueue } from "../fakes/memory-queue.ts";

test("the fake queue hands over what JSON carries, oldest first, and keeps queues apart", async () => {
  const queue = createMemoryQueue();
  const message = { shard: "0", nothing: undefined, at: new Date(0) };
  await queue.send("evaluation-shards", message);
  await queue.send("run-completions", { run: "r" }, { delaySeconds: 5 });
  await queue.send("evaluation-shards", { shard: "1" });
  message.shard = "changed later";
  expect(queue.sent.map((entry) => entry.delaySeconds)).toEqual([0, 5, 0]);
  expect(queue.take("evaluation-shards")).toEqual([
    { shard: "0", at: "1970-01-01T00:00:00.000Z" },
    { shard: "1" },
  ]);
  expect(queue.take("evaluation-shards")).toEqual([]);
  expect(queue.take("run-completions")).toEqual([{ run: "r" }]);
});
