import { describe, expect, test } from "vitest";
import { createCallLimiter, type CallPriority, type Place } from "../../../shared/adapters/call-limiter.ts";
import { ModelError } from "../../../shared/errors.ts";
import { createVirtualClock } from "../../fakes/virtual-clock.ts";

const THROTTLED = new ModelError("slow down", { kind: "throttled", status: 429 });

/** Notes in which order callers are let in; places are by name. */
function gate(concurrency: number) {
  const clock = createVirtualClock();
  const limiter = createCallLimiter(concurrency, clock);
  const admitted: string[] = [];
  const places = new Map<string, Place>();
  const pass = <T>(work: Promise<T>) => clock.runUntil(work);
  return {
    clock,
    limiter,
    admitted,
    pass,
    place: (name: string) => places.get(name) as Place,
    enter: async (name: string, priority: Partial<CallPriority> = {}, patienceMs?: number) => {
      const options = patienceMs === undefined ? {} : { patienceMs };
      const place = await limiter.acquire("gpt", { purpose: "answer", ...priority }, options);
      admitted.push(name);
      places.set(name, place);
    },
    leave: async (name: string) => {
      places.get(name)?.release();
      await pass(clock.sleep(10));
    },
  };
}

describe("places", () => {
  test("go to who came first, and to people who chat before evaluations", async () => {
    const { enter, leave, admitted, pass } = gate(1);
    await pass(enter("first"));
    const waiting = [enter("row 1"), enter("row 2"), enter("person", { purpose: "chat" })];
    await leave("first");
    await leave("person");
    await leave("row 1");
    await pass(Promise.all(waiting));
    expect(admitted).toEqual(["first", "person", "row 1", "row 2"]);
  });

  test("go to the lower order among those nobody waits for, and a step of a chat before them", async () => {
    const { enter, leave, admitted, pass } = gate(1);
    await pass(enter("first"));
    const names = ["c 9", "a 2", "b 2", "d 0"];
    const waiting = names.map((name) => enter(name, { order: Number(name.slice(2)) }));
    waiting.push(enter("step", { purpose: "step", interactive: true, order: 50 }));
    for (const name of ["first", "step", "d 0", "a 2", "b 2"]) await leave(name);
    await pass(Promise.all(waiting));
    expect(admitted).toEqual(["first", "step", "d 0", "a 2", "b 2", "c 9"]);
  });

  test("given back twice are one place", async () => {
    const { enter, leave, admitted, pass } = gate(1);
    await pass(enter("a"));
    void enter("b");
    void enter("c");
    await leave("a");
    await leave("a");
    expect(admitted).toEqual(["a", "b"]);
    await leave("b");
    expect(admitted).toEqual(["a", "b", "c"]);
  });

  test("are not taken by who left the line", async () => {
    const { enter, leave, admitted, pass } = gate(1);
    await pass(enter("a"));
    const controller = new AbortController();
    const left = enter("b", { signal: controller.signal });
    const waiting = enter("c");
    controller.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    await leave("a");
    await pass(waiting);
    expect(admitted).toEqual(["a", "c"]);
    await expect(enter("d", { signal: controller.signal })).rejects.toThrow("gone");
  });

  test("of one deployment do not hold up another", async () => {
    const { enter, limiter, pass } = gate(1);
    await pass(enter("a"));
    await expect(pass(limiter.acquire("another", { purpose: "answer" }))).resolves.toBeDefined();
  });

  test("cost little with thousands in line, who come in any order and leave at once", async () => {
    const cpuOf = async (count: number): Promise<number> => {
      const { enter, pass, limiter, clock } = gate(1);
      await pass(enter("a"));
      const controller = new AbortController();
      const { signal } = controller;
      const before = process.cpuUsage();
      const waiting = Array.from({ length: count }, (_, index) =>
        limiter.acquire("gpt", { purpose: "answer", order: (index * 7919) % count, signal }),
      );
      const settled = Promise.allSettled(waiting);
      controller.abort(new Error("gone"));
      const outcomes = await clock.runUntil(settled);
      expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
      return process.cpuUsage(before).user;
    };
    await cpuOf(8_000);
    const few = await cpuOf(8_000);
    // Ten times as many cost ten times as much; in a line that is searched on every abort, a hundred times.
    expect((await cpuOf(80_000)) / few).toBeLessThan(50);
  });
});

describe("a refusal", () => {
  test("that names a time holds all calls of the deployment back until then", async () => {
    const { enter, place, pass, clock } = gate(4);
    await pass(enter("a"));
    place("a").throttled(THROTTLED, 3_000);
    await pass(Promise.all([enter("b"), enter("c", { purpose: "chat" })]));
    expect(clock.elapsed()).toBeGreaterThanOrEqual(3_000);
    expect(clock.elapsed()).toBeLessThan(3_100);
  });

  test("that names none halves the calls at once, one time for a burst, and each round adds one back", async () => {
    const { enter, place, pass, clock, admitted } = gate(8);
    const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
    const first = names("a", 8);
    for (const name of first) await pass(enter(name));
    for (const name of first) place(name).throttled(THROTTLED, undefined);
    const next = names("b", 9);
    const waiting = next.map((name) => enter(name));
    const entered = async () => {
      await pass(clock.sleep(2_000));
      return admitted.length - first.length;
    };
    expect(await entered()).toBe(4);
    for (const name of next.slice(0, 4)) place(name).release();
    // Four places came free and one was added, nearly: a fifth of the way is missing until the next is given back.
    expect(await entered()).toBe(8);
    place("b4").release();
    expect(await entered()).toBe(9);
    place("b5").release();
    await Promise.all(waiting);
    expect(place("b8")).toBeDefined();
  });

  test("for longer than a person waits is an error for people, at once", async () => {
    const { enter, place, pass } = gate(4);
    await pass(enter("a"));
    place("a").throttled(THROTTLED, 60_000);
    const person = pass(enter("b", { purpose: "chat" }, 15_000));
    await expect(person).rejects.toMatchObject({ kind: "throttled" });
  });

  test("for longer than an evaluation waits is an error for all that wait", async () => {
    const { enter, place, pass } = gate(1);
    await pass(enter("a"));
    const waiting = enter("b");
    place("a").throttled(THROTTLED, 86_400_000);
    await expect(pass(waiting)).rejects.toBe(THROTTLED);
  });
});

test("a person in line gives up when patience ends", async () => {
  const { enter, pass, clock, leave } = gate(1);
  await pass(enter("a"));
  const person = enter("b", { purpose: "chat" }, 15_000);
  await expect(pass(person)).rejects.toMatchObject({ kind: "throttled" });
  expect(clock.elapsed()).toBe(15_000);
  await leave("a");
  await pass(enter("c"));
});

test("a quota that is used up fails who waits and who comes; after a rest one call tries", async () => {
  const { enter, place, pass, clock, admitted } = gate(2);
  const error = new ModelError("insufficient_quota", { kind: "quota", status: 429 });
  await pass(Promise.all([enter("a"), enter("late")]));
  const waiting = Promise.allSettled([enter("b"), enter("c", { purpose: "chat" })]);
  place("a").exhausted(error);
  expect((await pass(waiting)).map((outcome) => outcome.status)).toEqual(["rejected", "rejected"]);
  await expect(enter("d")).rejects.toBe(error);
  // What was under way when the quota ended shows nothing.
  place("late").release();
  await expect(enter("d")).rejects.toBe(error);

  await pass(clock.sleep(31_000));
  const trying = ["e", "f", "g"].map((name) => enter(name));
  await pass(clock.sleep(1_000));
  expect(admitted).toEqual(["a", "late", "e"]);
  place("e").release();
  await pass(clock.sleep(1_000));
  expect(admitted).toEqual(["a", "late", "e", "f", "g"]);
  await Promise.all(trying);
});
