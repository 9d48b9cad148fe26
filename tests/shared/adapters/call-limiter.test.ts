import { expect, test } from "vitest";
import { createCallLimiter, type Release } from "../../../shared/adapters/call-limiter.ts";

/** Notes in which order callers are let in; releases are by name. */
function gate(concurrency: number) {
  const limiter = createCallLimiter(concurrency);
  const admitted: string[] = [];
  const releases = new Map<string, Release>();
  return {
    limiter,
    admitted,
    enter: async (name: string, purpose: "chat" | "answer" = "answer", signal?: AbortSignal) => {
      const release = await limiter.acquire("gpt", { purpose, signal });
      admitted.push(name);
      releases.set(name, release);
    },
    leave: async (name: string) => {
      releases.get(name)?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test("first come, first served, and people who chat before evaluations", async () => {
  const { enter, leave, admitted } = gate(1);
  await enter("first");
  const waiting = [enter("row 1"), enter("row 2"), enter("person", "chat")];
  await leave("first");
  await leave("person");
  await leave("row 1");
  await Promise.all(waiting);
  expect(admitted).toEqual(["first", "person", "row 1", "row 2"]);
});

test("a place given back twice is one place", async () => {
  const { enter, leave, admitted } = gate(1);
  await enter("a");
  void enter("b");
  void enter("c");
  await leave("a");
  await leave("a");
  expect(admitted).toEqual(["a", "b"]);
  await leave("b");
  expect(admitted).toEqual(["a", "b", "c"]);
});

test("who leaves the queue takes no place", async () => {
  const { enter, leave, admitted } = gate(1);
  await enter("a");
  const controller = new AbortController();
  const left = enter("b", "answer", controller.signal);
  const waiting = enter("c");
  controller.abort(new Error("gone"));
  await expect(left).rejects.toThrow("gone");
  await leave("a");
  await waiting;
  expect(admitted).toEqual(["a", "c"]);
  await expect(enter("d", "answer", controller.signal)).rejects.toThrow("gone");
});

test("deployments do not wait for one another", async () => {
  const only = gate(1);
  await only.enter("a");
  await expect(only.limiter.acquire("another", { purpose: "answer" })).resolves.toBeInstanceOf(Function);
});
