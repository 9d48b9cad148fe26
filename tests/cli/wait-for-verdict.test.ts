import { expect, test, vi } from "vitest";
import { createManagementApi } from "../../cli/management-api.ts";
import { waitForVerdict, type WaitProgress } from "../../cli/wait-for-verdict.ts";
import type { LedgerEntry } from "../../shared/model/release.ts";
import type { FlowStatus } from "../../shared/model/status.ts";
import { KEY, type Reply, startFakePlatform } from "./fake-platform.ts";
import {
  change,
  failedVerdict,
  ledgerEntry,
  OLD,
  refusedChange,
  release,
  run,
  runDetail,
  status,
} from "./samples.ts";

const OTHERS = change({ sequence: 1, commit: { pushId: "push-1" } });
const SERVES_OLD = release({
  stable: { version: OLD, suite: "s", run: "run-1", since: "2026-11-21T08:00:00.000Z" },
});

/** Serves the replies one by one, the last one for ever. */
async function waitOver(
  replies: (FlowStatus | Reply)[],
  options: Partial<Parameters<typeof waitForVerdict>[0]> = {},
  entries: LedgerEntry[] = [],
) {
  let asked = 0;
  const { url } = await startFakePlatform({
    "GET /api/flows/shop": () => {
      const reply = replies[Math.min(asked, replies.length - 1)] ?? {};
      asked += 1;
      return "flow" in reply ? { json: reply } : reply;
    },
    "GET /api/flows/shop/history?top=50": () => ({ json: { entries } }),
    "GET /api/flows/shop/runs/run-2": () => ({ json: runDetail() }),
  });
  const progress: WaitProgress[] = [];
  const result = await waitForVerdict({
    api: createManagementApi({ url, key: KEY }),
    flow: "shop",
    pushId: "push-2",
    onProgress: (step) => progress.push(step),
    ...options,
  });
  return { result, stages: progress.map(({ stage }) => stage), progress, asked: () => asked };
}

test("a flow's first push is followed from unknown over running to served", async () => {
  const { result, stages, progress } = await waitOver([
    { status: 404, json: { error: { code: "not_found", message: "There is no flow shop." } } },
    status({ change: OTHERS, run: undefined, release: undefined }),
    status({ run: undefined, release: undefined }),
    status({ run: run({ state: "running", shardsDone: 1, verdict: undefined }), release: undefined }),
    status({ release: undefined }),
    status(),
  ]);
  expect(stages).toEqual(["reading", "reading", "planning", "evaluating", "releasing"]);
  expect(progress[3]).toMatchObject({ rows: 64, shards: 4, shardsDone: 1 });
  expect(result).toMatchObject({
    kind: "decided",
    served: true,
    verdict: { outcome: "pass" },
    notices: ["Answered by the offline stand-in."],
  });
});

test("a verdict that does not pass is not waited for in production", async () => {
  const failed = status({ run: run({ verdict: failedVerdict }), release: SERVES_OLD });
  const { result, stages } = await waitOver([failed]);
  expect(result).toMatchObject({ kind: "decided", served: false, verdict: { outcome: "fail" } });
  expect(stages).toEqual([]);
});

test("a pass that production never shows ends after the patience with it, and says so", async () => {
  const { result } = await waitOver([status({ release: SERVES_OLD })], { patience: { unreleased: 0 } });
  expect(result).toMatchObject({ kind: "decided", served: false, verdict: { outcome: "pass" } });
});

const ROLLED_BACK = ledgerEntry({ kind: "rolled_back", version: OLD, run: "run-1", from: "bbbbbbbbbbbb" });

test("a pass that was rolled back since its run was decided is not waited for", async () => {
  const replies = [status({ release: SERVES_OLD })];
  const { result } = await waitOver(replies, {}, [ROLLED_BACK, ledgerEntry()]);
  expect(result).toMatchObject({ served: false, withheld: expect.stringContaining("rolled back since") });
});

test("a pass that the release refused says why", async () => {
  const replies = [status({ release: SERVES_OLD })];
  const refused = ledgerEntry({ kind: "rejected", reason: "It was rolled back before: too short." });
  const { result } = await waitOver(replies, {}, [refused, ROLLED_BACK]);
  expect(result).toMatchObject({ withheld: "It was rolled back before: too short." });
});

test("a rollback from before the run does not keep a version out that another suite judged", async () => {
  const before = [ROLLED_BACK, ledgerEntry({ run: "run-0" })];
  const { result } = await waitOver([status({ release: SERVES_OLD }), status()], {}, before);
  expect(result).toMatchObject({ served: true, withheld: undefined });
});

test("a refused change ends the wait with its diagnostics", async () => {
  const { result } = await waitOver([status({ change: refusedChange, run: undefined })]);
  expect(result).toMatchObject({ kind: "refused", diagnostics: [{ file: "flow.yaml", line: 3, column: 5 }] });
});

test("a newer change supersedes ours, even one that left our commit file where it was", async () => {
  const newer = status({ change: change({ sequence: 3 }), run: undefined });
  const { result } = await waitOver([status({ run: undefined }), newer]);
  expect(result).toEqual({ kind: "superseded" });
});

test("another push's change before ours is read is no verdict on ours", async () => {
  const before = status({ change: change({ sequence: 1, commit: { pushId: "push-0" } }) });
  const between = status({ change: change({ sequence: 2, commit: { pushId: "push-1" } }) });
  const ours = status({ change: change({ sequence: 3 }) });
  const { result } = await waitOver([before, between, between, ours]);
  expect(result).toMatchObject({ kind: "decided" });
});

test("a push that another one overtook before it was ever shown is given up after the patience with it", async () => {
  const before = status({ change: OTHERS, run: undefined });
  const overtaken = status({ change: change({ sequence: 3, commit: { pushId: "push-3" } }), run: undefined });
  const { result } = await waitOver([before, overtaken], { patience: { unseen: 0 } });
  expect(result).toEqual({ kind: "superseded" });
});

test("a run that was superseded or broke has no verdict to wait for", async () => {
  const superseded = status({ run: run({ state: "superseded", verdict: undefined }) });
  expect((await waitOver([superseded])).result).toEqual({ kind: "superseded" });
  const broken = status({ run: run({ state: "error", verdict: undefined }) });
  expect((await waitOver([broken])).result).toMatchObject({ kind: "failed" });
});

test("a platform that is busy for a moment is asked again", async () => {
  const { result, asked } = await waitOver([{ status: 503, text: "starting" }, status()]);
  expect(result).toMatchObject({ kind: "decided" });
  expect(asked()).toBe(2);
});

test("a platform that stays away ends the wait with what to do", async () => {
  const api = createManagementApi({ url: "http://127.0.0.1:1", key: KEY });
  const wait = waitForVerdict({ api, flow: "shop", pushId: "push-2", patience: { unreachable: 0 } });
  await expect(wait).rejects.toThrow("Start the platform with `npm start`");
});

test("a wrong key ends the wait at once", async () => {
  await expect(waitOver([{ status: 401 }])).rejects.toThrow("refuses the key");
});

test("aborting ends the wait with the signal's reason", async () => {
  const interruption = new AbortController();
  const onProgress = vi.fn<() => void>(() => interruption.abort(new Error("enough")));
  const wait = waitOver([status({ run: undefined })], { signal: interruption.signal, onProgress });
  await expect(wait).rejects.toThrow("enough");
  expect(onProgress).toHaveBeenCalledOnce();
});
