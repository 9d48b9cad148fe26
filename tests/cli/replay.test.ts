import { expect, test } from "vitest";
import { startFakePlatform } from "./fake-platform.ts";
import { flowgate } from "./run-flowgate.ts";

const MESSAGES = [
  { queue: "turn-samples", id: "one", reason: "the judge was down", at: "2026-11-26T12:00:00.000Z" },
];

test("given-up messages are shown with their reasons, and one that is named goes back", async () => {
  const { environment, requests } = await startFakePlatform({
    "GET /api/given-up": () => ({ json: { messages: MESSAGES } }),
    "POST /api/given-up/turn-samples/one": () => ({ json: { queue: "turn-samples", id: "one" } }),
  });
  const shown = await flowgate(["replay"], { environment });
  expect([shown.code, shown.stdout]).toEqual([
    0,
    "2026-11-26 12:00:00 UTC  turn-samples/one\n  the judge was down\n",
  ]);
  const replayed = await flowgate(["replay", "turn-samples/one"], { environment });
  expect([replayed.code, replayed.stdout]).toEqual([0, "Put back into turn-samples.\n"]);
  expect(requests.at(-1)?.body).toEqual({ actor: expect.stringMatching(/./) });
});

test("what names no message is an error that says how to name one", async () => {
  const { code, stderr } = await flowgate(["replay", "turn-samples"], {});
  expect(code).toBe(2);
  expect(stderr).toContain('"turn-samples" is not <queue>/<id>');
});
