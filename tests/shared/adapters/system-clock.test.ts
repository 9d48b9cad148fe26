import { expect, test } from "vitest";
import { createSystemClock } from "../../../shared/adapters/system-clock.ts";

test("sleep ends, and time has passed by then", async () => {
  const clock = createSystemClock();
  const before = clock.elapsed();
  await clock.sleep(5);
  expect(clock.elapsed()).toBeGreaterThan(before);
  expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(60_000);
});

test("sleep rejects with the signal's own reason", async () => {
  const controller = new AbortController();
  const sleeping = createSystemClock().sleep(60_000, controller.signal);
  controller.abort(new Error("enough"));
  await expect(sleeping).rejects.toThrow("enough");
  await expect(createSystemClock().sleep(60_000, controller.signal)).rejects.toThrow("enough");
});
