import { expect, test } from "vitest";
import { ensureStorage } from "../../shared/adapters/azure/ensure-storage.ts";
import { createQueueWatch } from "../../shared/adapters/azure/queue-watch.ts";
import { createQueue } from "../../shared/adapters/azure/queue.ts";
import { startAzurite } from "./azurite.ts";

test("a look at a queue counts its messages and the wait of the first that is due, and takes none", async () => {
  await using azurite = await startAzurite();
  await ensureStorage(azurite);
  const inAMinute = { now: () => new Date(Date.now() + 60_000) };
  const watch = createQueueWatch(azurite, inAMinute);
  expect(await watch.look("flow-changes")).toEqual({ messages: 0, oldestSeconds: 0 });

  const queue = createQueue(azurite);
  await queue.send("flow-changes", { later: true }, { delaySeconds: 600 });
  expect(await watch.look("flow-changes")).toEqual({ messages: 1, oldestSeconds: 0 });
  await queue.send("flow-changes", { now: true });
  for (const _again of [1, 2]) {
    const { messages, oldestSeconds } = await watch.look("flow-changes");
    expect(messages).toBe(2);
    expect(oldestSeconds).toBeGreaterThan(55);
    expect(oldestSeconds).toBeLessThan(120);
  }
});
