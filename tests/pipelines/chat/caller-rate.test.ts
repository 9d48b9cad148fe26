import { expect, test } from "vitest";
import { createCallerRate } from "../../../pipelines/chat/caller-rate.ts";
import { createStillClock } from "../../fakes/still-clock.ts";

test("a caller has a minute's share at once and then an even one; others have their own", () => {
  const clock = createStillClock();
  const rate = createCallerRate(60, clock);
  for (let turn = 0; turn < 60; turn += 1) rate.admit("a");
  expect(() => rate.admit("a")).toThrow("try again in 1 s");
  rate.admit("b");
  clock.advance(2_000);
  rate.admit("a");
  rate.admit("a");
  expect(() => rate.admit("a")).toThrow("More than 60 turns");
});

test("without a bound nobody is held up", () => {
  const rate = createCallerRate(undefined, createStillClock());
  const turns = (): void => {
    for (let turn = 0; turn < 10_000; turn += 1) rate.admit("a");
  };
  expect(turns).not.toThrow();
});
