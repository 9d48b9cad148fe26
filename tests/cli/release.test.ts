import { expect, test } from "vitest";
import type { ActiveRollout, ReleasePointer } from "../../shared/model/release.ts";
import { startFakePlatform } from "./fake-platform.ts";
import { flowgate } from "./run-flowgate.ts";
import { ledgerEntry, release, status } from "./samples.ts";

const SINCE = "2026-11-22T08:00:00.000Z";

function rollout(differences: Partial<ActiveRollout> = {}): ActiveRollout {
  return {
    id: "r1",
    candidate: { version: "dddddddddddd", suite: "s", run: "run-3" },
    baseline: "bbbbbbbbbbbb",
    plan: {
      kind: "canary",
      steps: [0.05, 0.5],
      minSessions: 100,
      minTimeMs: 1,
      maxTimeMs: 2,
      quietMs: 1,
      soakMs: 1,
      approval: "last",
      expiresMs: 1,
      margin: 0.05,
    },
    startedAt: SINCE,
    since: SINCE,
    approvedStep: 0,
    ...differences,
  };
}

function canary(differences: Partial<ReleasePointer> = {}): ReleasePointer {
  return release({
    state: "canary",
    canary: { version: "dddddddddddd", weight: 0.05, seed: "x", rolloutId: "r1", step: 1, since: SINCE },
    rollout: rollout(),
    ...differences,
  });
}

const waiting = canary({ state: "paused", rollout: rollout({ paused: "approval" }) });

test("the status shows the canary, its share, and what waits", async () => {
  const pending = { version: "eeeeeeeeeeee", suite: "s", run: "run-4" };
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status({ release: canary({ pending }) }) }),
  });
  const { stdout } = await flowgate(["status", "shop"], { environment });
  expect(stdout).toContain("shop@dddddddddddd is a canary: step 1 of 2, 5 % of sessions");
  expect(stdout).toContain("shop@eeeeeeeeeeee waits for its turn");
});

test("the status says what the step's sessions show, and what it needs to go on", async () => {
  const progress = (defects: object[]) => ({
    flow: "shop",
    release: canary(),
    rollout: {
      rolloutId: "r1",
      step: 1,
      sessions: { canary: 9, stable: 180 },
      boundary: 200,
      defects,
      arrivals: [],
    },
  });
  let shown = progress([]);
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status({ release: canary() }) }),
    "GET /api/flows/shop/release": () => ({ json: shown }),
  });
  const before = (await flowgate(["status", "shop"], { environment })).stdout;
  expect(before).toContain(
    "traffic   9 sessions of the 100 that this step needs, 180 of the stable version beside them; it lasts until 2026-11-22 08:00:00 UTC at least",
  );
  expect(before).toContain("nothing was wrong with any session");
  expect(before).not.toContain("no session was counted yet");
  shown = progress([{ defect: "error", canary: 4, stable: 1, evidence: 31.4159, points: [] }]);
  expect((await flowgate(["status", "shop"], { environment })).stdout).toContain(
    "error in 4 (stable version: 1), evidence 31: at 200 it is taken back",
  );
});

test("the status says of a candidate that answers unseen which turns count, and nothing of sessions", async () => {
  const plan = { ...rollout().plan, shadow: { share: 0.1, minTurns: 50, noWorseThan: 0.05 } };
  const unseen = canary({
    canary: { version: "dddddddddddd", weight: 0, seed: "x", rolloutId: "r1", step: 0, since: SINCE },
    rollout: rollout({ plan: plan as ActiveRollout["plan"] }),
  });
  const progress = {
    rolloutId: "r1",
    step: 0,
    sessions: { canary: 0, stable: 0 },
    shadow: { turns: 12, wins: 0.48 },
    boundary: 200,
    defects: [],
    arrivals: [],
  };
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status({ release: unseen }) }),
    "GET /api/flows/shop/release": () => ({ json: { flow: "shop", release: unseen, rollout: progress } }),
  });
  const { stdout } = await flowgate(["status", "shop"], { environment });
  expect(stdout).toContain(
    "traffic   12 turns that both answered, of the 50 that are needed at least; the candidate's share of wins is 48 %",
  );
  expect(stdout).not.toContain("sessions of the");
});

test("the status says how to approve", async () => {
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status({ release: waiting }) }),
  });
  const { stdout } = await flowgate(["status", "shop"], { environment });
  expect(stdout).toContain("waits for an approval: step 1 of 2");
  expect(stdout).toContain('flowgate approve shop --reason "..."');
});

test("the status says who paused it and why, and what becomes of it without a decision", async () => {
  const entry = ledgerEntry({ kind: "paused", actor: "Ada", reason: "I read\nits answers" });
  const paused = canary({ state: "paused", rollout: rollout({ paused: "person" }), entry });
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status({ release: paused }) }),
  });
  const { stdout } = await flowgate(["status", "shop"], { environment });
  expect(stdout).toContain("shop@dddddddddddd is paused by Ada (“I read its answers”): step 1 of 2");
  expect(stdout).toMatch(/; without a decision it is taken back at 2026-\S+ \S+ UTC/);
});

test("an approval is bound to what was seen: generation, rollout and step; and has a key of its own", async () => {
  const { environment, requests } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status({ release: waiting }) }),
    "POST /api/flows/shop/approve": () => ({ json: canary({ generation: 8 }) }),
  });
  const { code, stdout } = await flowgate(["approve", "shop", "--reason", "fine"], { environment });
  expect(code).toBe(0);
  expect(stdout).toContain("✓ shop@dddddddddddd is a canary");
  expect(requests[1]?.body).toMatchObject({
    generation: 7,
    rolloutId: "r1",
    step: 1,
    reason: "fine",
    actor: expect.any(String),
    key: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test.each(["pause", "resume", "abort"])("%s prints the release as JSON", async (verb) => {
  const { environment, requests } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status({ release: canary() }) }),
    [`POST /api/flows/shop/${verb}`]: () => ({ json: release({ generation: 9 }) }),
  });
  const { code, stdout } = await flowgate([verb, "shop", "--reason", "x", "--json"], { environment });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ generation: 9, state: "idle" });
  expect(requests[1]?.body).toMatchObject({ rolloutId: "r1" });
});

test("a lost reply is asked for again under the same key", async () => {
  let asked = 0;
  const { environment, requests } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status({ release: canary() }) }),
    "POST /api/flows/shop/pause": () => (asked++ === 0 ? { status: 503 } : { json: waiting }),
  });
  const { code } = await flowgate(["pause", "shop", "--reason", "x"], { environment });
  expect(code).toBe(0);
  const keys = requests.slice(1).map(({ body }) => (body as { key: string }).key);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
});

test("a stale request ends with what the platform says, and exit code 2", async () => {
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status({ release: canary() }) }),
    "POST /api/flows/shop/abort": () => ({
      status: 409,
      json: { error: { code: "conflict", message: "The rollout r1 is over." }, release: release() },
    }),
  });
  const { code, stderr } = await flowgate(["abort", "shop", "--reason", "x"], { environment });
  expect([code, stderr]).toEqual([2, "error: The rollout r1 is over.\n"]);
});

test("promote asks first, and names the version that would serve everybody", async () => {
  const { environment, requests } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status({ release: canary() }) }),
    "POST /api/flows/shop/promote": () => ({ json: release() }),
  });
  const refused = await flowgate(["promote", "shop", "--reason", "x"], { environment, input: "y\n" });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("shop@dddddddddddd serve everybody. Add --yes");
  const done = await flowgate(["promote", "shop", "--reason", "x", "--yes"], { environment });
  expect(done.code).toBe(0);
  expect(done.stdout).toContain("Production serves shop@bbbbbbbbbbbb.");
  expect(requests.filter(({ method }) => method === "POST")).toHaveLength(1);
});

test("a rollback during a canary names the canary as what goes", async () => {
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status({ release: canary() }) }),
    "POST /api/flows/shop/rollback": () => ({ json: release() }),
  });
  const { stdout } = await flowgate(["rollback", "shop", "--reason", "x", "--yes"], { environment });
  expect(stdout).toContain("Production serves shop@bbbbbbbbbbbb in place of shop@dddddddddddd.");
});
