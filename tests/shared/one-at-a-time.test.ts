import { expect, test } from "vitest";
import { createOneAtATime } from "../../shared/one-at-a-time.ts";
import { workThrough } from "../../shared/work-through.ts";

test("work of one key waits for the work before it, failed or not; that of another does not", async () => {
  const oneAtATime = createOneAtATime();
  const said: string[] = [];
  const first = Promise.withResolvers<void>();
  const failing = oneAtATime("a", async () => {
    await first.promise;
    said.push("first");
    throw new Error("no");
  });
  const second = oneAtATime("a", async () => void said.push("second"));
  await oneAtATime("b", async () => void said.push("other"));
  expect(said).toEqual(["other"]);
  first.resolve();
  await expect(failing).rejects.toThrow("no");
  await second;
  expect(said).toEqual(["other", "first", "second"]);
});

test("items are worked through so many at a time, and the first failure ends it", async () => {
  let underWay = 0;
  let most = 0;
  const done: number[] = [];
  await workThrough([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay--;
    done.push(item);
  });
  expect(most).toBe(3);
  expect(done).toEqual([1, 2, 3, 4, 5, 6, 7]);
  const begun: number[] = [];
  const failing = workThrough([1, 2, 3, 4, 5], 1, async (item) => {
    begun.push(item);
    if (item === 2) throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(begun).toEqual([1, 2]);
});
