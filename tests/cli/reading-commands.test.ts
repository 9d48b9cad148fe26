import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { startFakePlatform } from "./fake-platform.ts";
import { flowgate, temporaryFolder } from "./run-flowgate.ts";
import {
  failedVerdict,
  ledgerEntry,
  OLD,
  refusedChange,
  release,
  run,
  runDetail,
  status,
  verdict,
} from "./samples.ts";

test("status shows what serves, since when, the latest change and the last verdict", async () => {
  const { environment } = await startFakePlatform({ "GET /api/flows/shop": () => ({ json: status() }) });
  const { code, stdout } = await flowgate(["status", "shop"], { environment });
  expect(code).toBe(0);
  expect(stdout).toContain("serves    shop@bbbbbbbbbbbb since 2026-11-22 08:00:01 UTC");
  expect(stdout).toContain("before it shop@aaaaaaaaaaaa");
  expect(stdout).toContain("by Ada, main@0123456, “Name prices”: accepted as shop@bbbbbbbbbbbb");
  expect(stdout).toContain("completed: 4 of 4 shards, 64 rows (run-2)");
  expect(stdout).toContain("verdict   passed");
});

test("status says who rolled a version back that had passed, and why", async () => {
  const entry = ledgerEntry({
    kind: "rolled_back",
    version: OLD,
    from: "bbbbbbbbbbbb",
    actor: "Ada",
    reason: "Too short.",
  });
  const stable = { version: OLD, suite: "s", run: "run-1", since: "2026-11-21T08:00:00.000Z" };
  const back = status({ release: release({ stable, previous: undefined, entry }) });
  const { environment } = await startFakePlatform({ "GET /api/flows/shop": () => ({ json: back }) });
  const { stdout } = await flowgate(["status", "shop"], { environment });
  const later = {
    ...release(),
    stable,
    entry: ledgerEntry({ kind: "served_again", version: OLD, run: undefined }),
  };
  const { environment: after } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status({ release: later }) }),
  });
  expect((await flowgate(["status", "shop"], { environment: after })).stdout).toContain(
    "shop@bbbbbbbbbbbb passed and does not serve: flowgate history shop says why",
  );
  expect(stdout).toContain("shop@bbbbbbbbbbbb was rolled back 2026-11-22 08:00:01 UTC by Ada: Too short.");
});

test("status says of a flow that was stopped that nobody is served, and by which version they would be", async () => {
  const stopped = { by: "Ada", at: "2026-11-22T09:00:00.000Z", reason: "Wrong prices" };
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status({ release: release({ stopped }) }) }),
  });
  const { stdout } = await flowgate(["status", "shop"], { environment });
  expect(stdout).toContain("serves    nobody: it is stopped; shop@bbbbbbbbbbbb would answer");
  expect(stdout).not.toContain("since 2026-11-22 08:00:01");
  expect(stdout).toContain("stopped by Ada since 2026-11-22 09:00:00 UTC: Wrong prices");
});

test("status shows the run that goes on where a later change was refused, by its rows", async () => {
  const earlierRun = run({ state: "running", shardsDone: 0, rowsDone: 12, verdict: undefined });
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status({ change: refusedChange, run: undefined, earlierRun }) }),
  });
  const { stdout } = await flowgate(["status", "shop"], { environment });
  expect(stdout).toContain("run       shop@bbbbbbbbbbbb running: 12 of 64 rows are done (run-2)");
});

test("status says how many calls the last run made, and how many it saved and by what", async () => {
  const judged = run({ verdict: verdict({ calls: { made: 128, saved: 12, avoided: 160 } }) });
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status({ run: judged }) }),
  });
  const { stdout } = await flowgate(["status", "shop"], { environment });
  expect(stdout).toContain(
    "calls     128 made, 12 saved by what was recorded before, about 160 by stopping early",
  );
});

test("status shows why the latest change was refused, with file, line, column and remedy", async () => {
  const refused = status({ change: refusedChange, run: undefined });
  const { environment } = await startFakePlatform({
    "GET /api/flows": () => ({ json: { flows: [refused] } }),
  });
  const { code, stdout } = await flowgate(["status"], { environment });
  expect(code).toBe(0);
  expect(stdout).toContain("refused");
  expect(stdout).toMatch(/flow\.yaml:3:5: error: unknown key "promt"\n +Did you mean "prompt"\?/);
});

test("status of a flow before its first release, and of no flow at all", async () => {
  const running = run({ state: "running", shardsDone: 1, verdict: undefined });
  const first = status({ release: undefined, run: running });
  const routes = {
    "GET /api/flows/shop": () => ({ json: first }),
    "GET /api/flows": () => ({ json: { flows: [] } }),
  };
  const { environment } = await startFakePlatform(routes);
  const { stdout } = await flowgate(["status", "shop"], { environment });
  expect(stdout).toContain("nothing yet");
  expect(stdout).toContain("running: 1 of 4 shards");
  expect((await flowgate(["status"], { environment })).stdout).toContain("flowgate push");
});

test("status --json is what the platform answers, and an unknown flow names the known ones", async () => {
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status() }),
    "GET /api/flows/shpo": () => ({
      status: 404,
      json: { error: { code: "not_found", message: "There is no flow shpo. Known: shop." } },
    }),
  });
  const { stdout } = await flowgate(["status", "shop", "--json"], { environment });
  expect(JSON.parse(stdout)).toMatchObject({ flow: "shop", release: { generation: 7 } });
  const { code, stderr } = await flowgate(["status", "shpo"], { environment });
  expect([code, stderr]).toEqual([2, "error: There is no flow shpo. Known: shop.\n"]);
});

test("report puts the verdict first, then the metrics, then the worst rows and why", async () => {
  const { environment } = await startFakePlatform({
    "GET /api/flows": () => ({ json: { flows: [status()] } }),
    "GET /api/flows/shop": () => ({ json: status() }),
    "GET /api/flows/shop/runs/run-2": () => ({ json: runDetail({ verdict: failedVerdict }) }),
  });
  const { code, stdout } = await flowgate(["report"], { environment });
  expect(code).toBe(1);
  const places = [
    "shop@bbbbbbbbbbbb  failed: 1 of 2",
    "Only 61 % of the rows pass",
    "Note: Answered by the offline stand-in.",
    "What was measured",
    "128 model calls made, 12 saved",
    "q17 data/questions.jsonl",
    "question: How heavy is the tent?",
    "answer: It is [31mvery light[0m.",
    "groundedness 1: No document says so.",
  ].map((text) => stdout.indexOf(text));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test.each([
  ["pass", 0],
  ["fail", 1],
  ["error", 2],
  ["inconclusive", 3],
] as const)("report of a verdict %s exits with %d", async (outcome, code) => {
  const detail = runDetail({ verdict: verdict({ outcome }) });
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop/runs/run-9": () => ({ json: detail }),
  });
  const finished = await flowgate(["report", "shop", "--run", "run-9", "--json"], { environment });
  expect(finished.code).toBe(code);
  expect(JSON.parse(finished.stdout)).toMatchObject({ verdict: { outcome } });
});

test("report --markdown prints the stored report as it is", async () => {
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop/runs/run-2": () => ({ json: runDetail() }),
    "GET /api/flows/shop/runs/run-2/report.md": () => ({ text: "# shop\n" }),
  });
  const { code, stdout } = await flowgate(["report", "shop", "--run", "run-2", "--markdown"], {
    environment,
  });
  expect([code, stdout]).toEqual([0, "# shop\n"]);
});

test("report of a run without a verdict says how far it is", async () => {
  const detail = runDetail({ state: "running", shardsDone: 1, verdict: undefined, report: undefined });
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop/runs/run-2": () => ({ json: detail }),
  });
  const { code, stdout, stderr } = await flowgate(["report", "shop", "--run", "run-2"], { environment });
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("1 of 4 shards are done");
});

test("several flows and none named is an error that lists them", async () => {
  const flows = [status(), status({ flow: "cafe" })];
  const { environment } = await startFakePlatform({ "GET /api/flows": () => ({ json: { flows } }) });
  const { code, stderr } = await flowgate(["report"], { environment });
  expect([code, stderr]).toEqual([2, "error: There are several flows: shop, cafe. Name one.\n"]);
});

test("history is newest first, what goes on, was refused or overtaken among the decisions", async () => {
  const history = {
    flow: "shop",
    entries: [
      ledgerEntry({
        kind: "rolled_back",
        at: "2026-11-22T10:00:00.000Z",
        actor: "Ada",
        reason: "Complaints",
      }),
      ledgerEntry(),
    ],
    refusals: [{ ...refusedChange, at: "2026-11-22T09:00:00.000Z" }],
    superseded: [
      {
        sequence: 3,
        at: "2026-11-22T09:30:00.000Z",
        version: "dddddddddddd",
        run: "run-3",
        commit: { author: "Ada", message: "Try" },
      },
      { sequence: 2, at: "2026-11-22T08:30:00.000Z", version: "eeeeeeeeeeee" },
    ],
    underWay: run({
      plan: { ...run().plan, id: "run-4", plannedAt: "2026-11-22T10:30:00.000Z" },
      state: "running",
      rowsDone: 12,
      verdict: undefined,
    }),
    chainIntact: true,
  };
  const { environment, requests } = await startFakePlatform({
    "GET /api/flows/shop/history?top=5": () => ({ json: history }),
  });
  const { code, stdout } = await flowgate(["history", "shop", "--top", "5"], { environment });
  expect(code).toBe(0);
  expect(requests).toHaveLength(1);
  const lines = stdout.trimEnd().split("\n").slice(2);
  const cells = lines.map((line) => line.trim().split(/ {2,}/));
  expect(cells).toEqual([
    ["2026-11-22 10:30:00 UTC", "running", "bbbbbbbbbbbb", "aaaaaaaaaaaa"],
    ["somebody: 12 of 64 rows are done, in run run-4"],
    ["2026-11-22 10:00:00 UTC", "rolled_back", "bbbbbbbbbbbb", "aaaaaaaaaaaa"],
    ["Ada: Complaints (run run-2)"],
    ["2026-11-22 09:30:00 UTC", "superseded", "dddddddddddd", "–"],
    ["Ada: a newer change came before it was judged, in run run-3"],
    ["2026-11-22 09:00:00 UTC", "refused", "–", "–"],
    ['Ada: flow.yaml:3: unknown key "promt"'],
    ["2026-11-22 08:30:00 UTC", "superseded", "eeeeeeeeeeee", "–"],
    ["somebody: a newer change came before it was judged"],
    ["2026-11-22 08:00:01 UTC", "promoted", "bbbbbbbbbbbb", "aaaaaaaaaaaa"],
    ["system: All requirements hold. (run run-2)"],
  ]);
});

test("history warns of a broken chain and exits with 1", async () => {
  const history = {
    flow: "shop",
    entries: [ledgerEntry()],
    refusals: [],
    superseded: [],
    chainIntact: false,
  };
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop/history?top=50": () => ({ json: history }),
  });
  const { code, stdout, stderr } = await flowgate(["history", "shop", "--json"], { environment });
  expect(code).toBe(1);
  expect(stderr).toContain("chain of hashes is broken");
  expect(JSON.parse(stdout)).toMatchObject({ chainIntact: false });
});

test("report --html writes the page as it is kept in storage and says where", async () => {
  const page = "<!doctype html><title>shop</title>";
  const { environment } = await startFakePlatform({
    "GET /api/flows/shop": () => ({ json: status() }),
    "GET /api/flows/shop/runs/run-2": () => ({ json: runDetail({ verdict: failedVerdict }) }),
    "GET /api/flows/shop/runs/run-2/report.html": () => ({ text: page }),
  });
  const folder = await temporaryFolder();
  const { code, stdout } = await flowgate(["report", "shop", "--html"], { environment, folder });
  const file = path.join(folder, "shop-run-2.html");
  expect([code, stdout]).toEqual([1, `${file}\n`]);
  expect(await readFile(file, "utf8")).toBe(page);
  await flowgate(["report", "shop", "--html", "pages/other.html"], { environment, folder });
  expect(await readFile(path.join(folder, "pages", "other.html"), "utf8")).toBe(page);
});
