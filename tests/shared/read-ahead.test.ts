import { expect, test } from "vitest";
import { readAhead } from "../../shared/read-ahead.ts";

test("what is read comes in order, with a few asked for ahead and no more", async () => {
  const asked: number[] = [];
  const waiting: (() => void)[] = [];
  const read = async (item: number): Promise<string> => {
    asked.push(item);
    if (item < 2) await new Promise<void>((resolve) => waiting.push(resolve));
    return `read ${item}`;
  };
  const results = readAhead([0, 1, 2, 3, 4], 3, read);
  const first = results.next();
  expect(asked).toEqual([0, 1, 2]);
  for (const go of waiting.reverse()) go();
  expect((await first).value).toBe("read 0");
  expect(asked).toEqual([0, 1, 2]);
  const rest: string[] = [];
  for await (const result of results) rest.push(result);
  expect(rest).toEqual(["read 1", "read 2", "read 3", "read 4"]);
});

test("a failure is thrown where it stands in the order", async () => {
  const results = readAhead([1, 2, 3], 3, async (item) => {
    if (item > 1) throw new Error(`${item} is gone`);
    return item;
  });
  expect((await results.next()).value).toBe(1);
  await expect(results.next()).rejects.toThrow("2 is gone");
});
