import { expect, test } from "vitest";
import { createAttributeSets } from "../../../shared/adapters/attribute-sets.ts";

test("the same attributes are the same frozen object, others are another", () => {
  const setOf = createAttributeSets();
  const set = setOf({ flow: "chat", streamed: true, count: 1 });
  expect(set).toEqual({ flow: "chat", streamed: true, count: 1 });
  expect(Object.isFrozen(set)).toBe(true);
  expect(setOf({ flow: "chat", streamed: true, count: 1 })).toBe(set);
  for (const other of [
    {},
    { flow: "chat" },
    { flow: "chat", streamed: true },
    { flow: "chat", streamed: true, count: 2 },
    { flow: "chat", streamed: true, count: "1" },
    { flow: "chat", streamed: true, share: 1 },
    { flow: "chat", streamed: true, count: 1, more: "" },
  ]) {
    expect(setOf(other)).toEqual(other);
    expect(setOf({ ...other })).toBe(setOf(other));
  }
});

test("what is undefined is left out", () => {
  const setOf = createAttributeSets();
  const set = setOf({ arm: undefined, flow: "chat" });
  expect(Object.keys(set)).toEqual(["flow"]);
  expect(setOf({ flow: "chat", arm: undefined })).toBe(set);
});

test("values without end are forgotten", () => {
  const setOf = createAttributeSets();
  const first = setOf({ session: -1 });
  for (let session = 0; session < 20_001; session += 1) setOf({ session });
  expect(setOf({ session: -1 })).not.toBe(first);
  expect(setOf({ session: -1 })).toEqual(first);
});
