import { beforeEach, expect, test } from "vitest";
import { listProposals } from "../../../pipelines/monitor/list-proposals.ts";
import { proposeByHand } from "../../../pipelines/monitor/propose-by-hand.ts";
import { NotFoundError, PermanentError } from "../../../shared/errors.ts";
import type { BlobStore } from "../../../shared/ports/blob-store.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import { createStillClock } from "../../fakes/still-clock.ts";

const AT = "2026-11-26T16:05:00.000Z";
const clock = createStillClock(AT);
const turn = (seconds: number): string =>
  (Date.parse(AT) / 1000 + seconds).toString(16).padStart(8, "0") + "ab".repeat(12);
const PROPOSED = {
  turn: turn(0),
  version: "one",
  fields: { question: "Is ada@example.com on file?" },
  answer: "No.",
  by: "Grace",
};

let store: BlobStore;
beforeEach(async () => {
  store = createMemoryBlobStore();
  await store.write("registry", registryPath.release("shop"), "{}");
});

test("a tried turn waits to become a row, without personal data, once however often it is sent", async () => {
  await proposeByHand("shop", PROPOSED, { store, clock });
  await proposeByHand("shop", PROPOSED, { store, clock });
  expect((await listProposals(store, "shop")).proposals).toMatchObject([
    {
      turn: turn(0),
      at: AT,
      version: "one",
      why: [{ kind: "person", by: "Grace" }],
      row: { fields: { question: "Is [an e-mail address] on file?" }, answer: "No." },
    },
  ]);
});

test("a turn of another day, and one of a flow nobody knows, are refused", async () => {
  const old = { ...PROPOSED, turn: turn(-90_000) };
  await expect(proposeByHand("shop", old, { store, clock })).rejects.toThrow(PermanentError);
  await expect(proposeByHand("nobody", PROPOSED, { store, clock })).rejects.toThrow(NotFoundError);
});
