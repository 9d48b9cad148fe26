import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PiecewiseBody } from "../../../shared/adapters/response-body.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("a sender that does not end what its reader had enough of is left after a second, once", () => {
  const leave = vi.fn<() => void>();
  const body = new PiecewiseBody(() => {}, leave);
  body.enough();
  body.enough();
  vi.advanceTimersByTime(999);
  expect(leave).not.toHaveBeenCalled();
  vi.advanceTimersByTime(10_000);
  expect(leave).toHaveBeenCalledOnce();
});

test.each([
  { how: "ends", end: "end" as const },
  { how: "fails", end: "fail" as const },
])(
  "nothing holds a call any longer whose sender $how after its reader had enough: a thousand streams a second would be held for one",
  ({ end }) => {
    const leave = vi.fn<() => void>();
    const body = new PiecewiseBody(() => {}, leave);
    body.enough();
    expect(vi.getTimerCount()).toBe(1);
    body[end](new Error("The connection broke."));
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(10_000);
    expect(leave).not.toHaveBeenCalled();
  },
);
