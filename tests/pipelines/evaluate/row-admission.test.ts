import { expect, test } from "vitest";
import { createRowAdmission } from "../../../pipelines/evaluate/row-admission.ts";

const never = new AbortController().signal;

test("as many rows as there are places are under way, and the earliest of the run goes first", async () => {
  const admission = createRowAdmission(2);
  const leave = [await admission.admit(5, never), await admission.admit(9, never)];
  const admitted: number[] = [];
  const waiting = [7, 3, 8].map((order) =>
    admission.admit(order, never).then((left) => (admitted.push(order), left)),
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(admitted).toEqual([]);
  for (const go of leave) go();
  await new Promise((resolve) => setImmediate(resolve));
  expect(admitted).toEqual([3, 7]);
  (await waiting[1])?.();
  await waiting[2];
  expect(admitted).toEqual([3, 7, 8]);
});

test("rows that are not needed any more leave the line at once, and take no place", async () => {
  const admission = createRowAdmission(1);
  const stop = new AbortController();
  const leave = await admission.admit(1, never);
  const given = Array.from({ length: 50 }, (_, index) => admission.admit(index, stop.signal));
  const needed = admission.admit(99, never);
  stop.abort(new Error("certain"));
  for (const one of given) await expect(one).rejects.toThrow("certain");
  await expect(admission.admit(2, stop.signal)).rejects.toThrow("certain");
  leave();
  (await needed)();
  await admission.admit(3, never);
});
