import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketOfSession } from "../../../pipelines/chat/assign-session.ts";

test("the bucket is the first four bytes of the hash, little-endian", () => {
  // `printf 's\nx' | sha256sum` begins with 3b653d1d.
  expect(bucketOfSession("s", "x")).toBe(0x1d3d653b / 2 ** 32);
  expect(bucketOfSession("s", "y")).not.toBe(bucketOfSession("s", "x"));
});

test("raising the weight only adds sessions", () => {
  const session = fc.tuple(fc.string(), fc.string());
  const weights = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  );
  const isMonotone = fc.property(session, weights, ([name, seed], [one, other]) => {
    const bucket = bucketOfSession(name, seed);
    return !(bucket < Math.min(one, other)) || bucket < Math.max(one, other);
  });
  expect(fc.check(isMonotone)).toMatchObject({ failed: false });
});

test("a weight takes its share of sessions, and another rollout takes others", () => {
  const sessions = Array.from({ length: 20_000 }, (_, index) => `session-${index}`);
  const first = sessions.filter((session) => bucketOfSession(session, "first") < 0.05);
  const both = first.filter((session) => bucketOfSession(session, "second") < 0.05);
  expect(first.length / sessions.length).toBeCloseTo(0.05, 2);
  // Nobody drifts to the canary: of those who had been in one, no more than others are in the next.
  expect(both.length / first.length).toBeLessThan(0.09);
});
