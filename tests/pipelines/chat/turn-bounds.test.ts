import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { boundTurn } from "../../../pipelines/chat/turn-bounds.ts";

const LIMITS = { totalMs: 10_000, idleMs: 1_000, characters: 100 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a turn may take longer than it may be idle, as long as pieces come", () => {
  const bounds = boundTurn(LIMITS);
  for (let piece = 0; piece < 5; piece += 1) {
    vi.advanceTimersByTime(900);
    bounds.progress(1);
  }
  expect(bounds.failure()).toBeUndefined();
  vi.advanceTimersByTime(999);
  expect(bounds.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(bounds.failure()?.code).toBe("timeout");
  expect(bounds.signal.aborted).toBe(true);
});

test("it ends all the same once it has taken all its time, and takes no further piece", () => {
  const bounds = boundTurn(LIMITS);
  expect(() => {
    for (let piece = 0; piece < 20; piece += 1) {
      vi.advanceTimersByTime(900);
      bounds.progress(1);
    }
  }).toThrow("The answer took too long");
  expect(bounds.signal.aborted).toBe(true);
  expect(() => bounds.progress(1)).toThrow("The answer took too long");
});

test("it ends with the character that is one too many, and not with the last that may be", () => {
  const bounds = boundTurn(LIMITS);
  bounds.progress(99);
  bounds.progress(1);
  expect(() => bounds.progress(1)).toThrow("longer than 100 characters");
});

test("work that hears of no signal is not waited for, whenever it was begun", async () => {
  const bounds = boundTurn(LIMITS);
  const waiting = bounds.within(new Promise(() => undefined));
  bounds.leave();
  await expect(waiting).rejects.toThrow("The client left.");
  await expect(bounds.within(Promise.resolve(1))).rejects.toThrow("The client left.");
});

test("a turn that ended is not ended again", () => {
  const bounds = boundTurn(LIMITS);
  bounds.end();
  vi.advanceTimersByTime(60_000);
  expect(bounds.failure()).toBeUndefined();
  expect(bounds.signal.aborted).toBe(false);
});
