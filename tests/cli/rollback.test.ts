import { expect, test } from "vitest";
import { startFakePlatform } from "./fake-platform.ts";
import { flowgate } from "./run-flowgate.ts";
import { OLD, release, status } from "./samples.ts";

const ROLLED_BACK = release({
  generation: 8,
  stable: { version: OLD, suite: "s", run: "run-1", since: "2026-11-22T09:00:00.000Z" },
});

test("a rollback sends the generation seen, the reason and who asked", async () => {
  const { environment, requests } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status() }),
    "POST /api/flows/shop/rollback": () => ({ json: ROLLED_BACK }),
  });
  const words = ["rollback", "shop", "--reason", "Complaints", "--yes"];
  const { code, stdout } = await flowgate(words, { environment });
  expect(code).toBe(0);
  expect(stdout).toContain("Production serves shop@aaaaaaaaaaaa in place of shop@bbbbbbbbbbbb.");
  expect(requests[1]?.body).toMatchObject({ generation: 7, reason: "Complaints", actor: expect.any(String) });
});

test("without --yes and without a terminal nothing is done", async () => {
  const { environment, requests } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status() }),
  });
  const { code, stderr } = await flowgate(["rollback", "shop", "--reason", "x"], {
    environment,
    input: "y\n",
  });
  expect(code).toBe(2);
  expect(stderr).toContain("--yes");
  expect(requests.map(({ method }) => method)).toEqual(["GET"]);
});

test("a release that moved meanwhile is not rolled back", async () => {
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status() }),
    "POST /api/flows/shop/rollback": () => ({
      status: 409,
      json: { error: { code: "conflict", message: "The release moved to generation 9. Look again." } },
    }),
  });
  const { code, stderr } = await flowgate(["rollback", "shop", "--reason", "x", "--yes"], { environment });
  expect([code, stderr]).toEqual([2, "error: The release moved to generation 9. Look again.\n"]);
});

test("with nothing to go back to nothing is asked for", async () => {
  const { environment, requests } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status({ release: release({ previous: undefined }) }) }),
  });
  const { code, stderr } = await flowgate(["rollback", "shop", "--reason", "x", "--yes"], { environment });
  expect(code).toBe(2);
  expect(stderr).toContain("no version of shop to go back to");
  expect(requests).toHaveLength(1);
});

test("a rollback needs a reason", async () => {
  const { code, stderr } = await flowgate(["rollback", "shop", "--yes"]);
  expect(code).toBe(2);
  expect(stderr).toContain("--reason");
});
