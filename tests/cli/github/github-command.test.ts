import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createBlobStore } from "../../../shared/adapters/azure/blob-store.ts";
import { ensureStorage } from "../../../shared/adapters/azure/ensure-storage.ts";
import type { FlowStatus } from "../../../shared/model/status.ts";
import type { BlobStore } from "../../../shared/ports/blob-store.ts";
import { reportView } from "../../../shared/report/report-view.ts";
import { type Azurite, startAzurite } from "../../contract/azurite.ts";
import { startFakePlatform } from "../fake-platform.ts";
import { type Finished, flowgate, temporaryFolder } from "../run-flowgate.ts";
import { folderWith, SHOP } from "../sample-flow.ts";
import { failedVerdict, run, runDetail, status, verdict } from "../samples.ts";
import { FORBIDDEN, type GitHubServer, startGitHub, TOKEN } from "./github-server.ts";

const HEAD = "1111111111111111111111111111111111111111";
const BASE = "2222222222222222222222222222222222222222";
const MERGE = "3333333333333333333333333333333333333333";

let azurite: Azurite;
let store: BlobStore;
let github: GitHubServer;
beforeAll(async () => {
  azurite = await startAzurite();
  await ensureStorage({ connectionString: azurite.connectionString });
  store = createBlobStore({ connectionString: azurite.connectionString });
});
afterAll(() => azurite[Symbol.asyncDispose]());
beforeEach(async () => {
  github = await startGitHub();
  github.files = ["flows/shop/chat.prompty", "README.md"];
});

async function checkout(texts: Record<string, string> = SHOP): Promise<string> {
  return folderWith(
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [`flows/shop/${name}`, text])),
  );
}

/** The event of a pull request, as GitHub gives it to a workflow, as far as it is read. */
function pullRequest(repository = "ada/shop"): object {
  return {
    action: "synchronize",
    number: 12,
    pull_request: {
      number: 12,
      title: "Name prices",
      user: { login: "grace" },
      head: { sha: HEAD, ref: "prices", repo: { full_name: repository } },
      base: { sha: BASE, ref: "main", repo: { full_name: "ada/shop" } },
    },
  };
}

async function inWorkflow(
  folder: string,
  event: { name: string; body: object },
  {
    shown = status(),
    words = [],
    settings = {},
  }: { shown?: FlowStatus; words?: string[]; settings?: Record<string, string> } = {},
): Promise<Finished & { summary: string }> {
  const place = await temporaryFolder();
  const [eventFile, summaryFile] = [path.join(place, "event.json"), path.join(place, "summary.md")];
  await writeFile(eventFile, JSON.stringify(event.body));
  await writeFile(summaryFile, "");
  const isProposal = event.name === "pull_request";
  const blob = isProposal ? "pr-12/shop/.commit.json" : "shop/.commit.json";
  const detail = { ...runDetail(), ...shown.run };
  const view =
    detail.report && reportView(detail.report, shown.run?.verdict ?? verdict(), undefined, undefined);
  const platform = await startFakePlatform({
    [`GET /api/flows/shop${isProposal ? "?proposal=pr-12" : ""}`]: (_request, response) => {
      void store.read(isProposal ? "proposals" : "flows", blob).then((content) => {
        const commit: unknown = JSON.parse(content?.body.toString() ?? "{}");
        response.end(JSON.stringify({ ...shown, change: { ...shown.change, commit } }));
      });
      return undefined;
    },
    "GET /api/flows/shop/runs/run-2": () => ({ json: { ...detail, view } }),
  });
  const environment = {
    ...platform.environment,
    AzureWebJobsStorage: azurite.connectionString,
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: "ada/shop",
    GITHUB_TOKEN: TOKEN,
    GITHUB_EVENT_NAME: event.name,
    GITHUB_EVENT_PATH: eventFile,
    GITHUB_SHA: MERGE,
    GITHUB_RUN_ID: "7",
    GITHUB_STEP_SUMMARY: summaryFile,
    ...settings,
  };
  const finished = await flowgate(["github", ...words], { folder, environment });
  return { ...finished, summary: await readFile(summaryFile, "utf8") };
}

const judged = (outcome: "pass" | "fail" | "inconclusive" | "error"): FlowStatus =>
  status({
    run: run({
      verdict: {
        ...(outcome === "fail" ? failedVerdict : verdict({ outcome })),
        purpose: "proposal",
      },
    }),
  });

test("a pull request's flow is pushed as a proposal and reported in one comment, also the second time", async () => {
  const folder = await checkout();
  const event = { name: "pull_request", body: pullRequest() };
  const passed = await inWorkflow(folder, event, { shown: judged("pass") });
  expect([passed.code, passed.stderr]).toEqual([0, "shop: pushed, waiting for its verdict\n"]);
  expect(passed.stdout).toContain("✅ shop@bbbbbbbbbbbb passed");
  const closing = await store.read("proposals", "pr-12/shop/.commit.json");
  expect(JSON.parse(closing?.body.toString() ?? "")).toMatchObject({
    commit: HEAD,
    pullRequest: 12,
    author: "grace",
    message: "Name prices",
    branch: "prices",
  });
  expect(await store.read("flows", "shop/.commit.json")).toBeUndefined();
  expect(github.comments).toMatchObject([{ body: expect.stringContaining("✅ Passed: shop") as string }]);
  expect(passed.summary).toBe(`${github.comments[0]?.body}\n`);
  expect(github.checks).toMatchObject([
    { name: "Flowgate", head_sha: HEAD, conclusion: "success", output: { title: "Passed: shop" } },
  ]);

  const failed = await inWorkflow(folder, event, { shown: judged("fail") });
  expect(failed.code).toBe(1);
  expect(github.comments).toMatchObject([{ body: expect.stringContaining("❌ Failed: shop") as string }]);
});

test.each([
  ["fail", 1, "failure"],
  ["error", 2, "failure"],
  ["inconclusive", 3, "action_required"],
] as const)("a verdict %s exits with %i, and the check says %s", async (outcome, code, conclusion) => {
  const event = { name: "pull_request", body: pullRequest() };
  const finished = await inWorkflow(await checkout(), event, { shown: judged(outcome) });
  expect(finished.code).toBe(code);
  expect(github.checks).toMatchObject([{ conclusion }]);
});

test("a flow that cannot be read is shown at its line, and nothing is pushed", async () => {
  const broken = { ...SHOP, "flow.yaml": SHOP["flow.yaml"]?.replace("chat.", "nope.") ?? "" };
  const event = { name: "pull_request", body: pullRequest() };
  const { code, stdout } = await inWorkflow(await checkout(broken), event);
  expect(code).toBe(2);
  expect(stdout).toMatch(/^::error file=flows\/shop\/flow\.yaml,line=2,col=\d+::/);
  expect(github.comments).toMatchObject([
    { body: expect.stringContaining("flows/shop/flow.yaml:2:") as string },
  ]);
});

test("of two folders whose flows have one name neither is pushed, and each names the other", async () => {
  const both = ["flows/copy", "flows/shop"].flatMap((folder) =>
    Object.entries(SHOP).map(([name, text]) => [`${folder}/${name}`, text] as const),
  );
  github.files = ["flows/copy/flow.yaml", "flows/shop/flow.yaml"];
  const pushed = async () => (await store.read("proposals", "pr-12/shop/.commit.json"))?.body.toString();
  const before = await pushed();
  const event = { name: "pull_request", body: pullRequest() };
  const { code, stdout } = await inWorkflow(await folderWith(Object.fromEntries(both)), event);
  expect(code).toBe(2);
  expect(stdout).toContain("copy is named shop as flows/shop is, and nothing was pushed: rename one");
  expect(stdout).toContain("shop is named shop as flows/copy is, and nothing was pushed: rename one");
  expect(await pushed()).toBe(before);
});

test("a fork's pull request is left alone, says so, and harms nobody", async () => {
  const event = { name: "pull_request", body: pullRequest("mallory/shop") };
  const { code, stdout, summary } = await inWorkflow(await checkout(), event);
  expect([code, github.requests]).toEqual([0, []]);
  expect(stdout).toMatch(
    /^::notice title=Flowgate::Flowgate does not evaluate this pull request: the workflows of forks/,
  );
  expect(summary).toContain("forks");
});

test("a change that touches no flow passes without a comment", async () => {
  github.files = ["README.md"];
  const event = { name: "pull_request", body: pullRequest() };
  const { code, stdout } = await inWorkflow(await checkout(), event);
  expect([code, stdout, github.comments]).toEqual([0, "No flow changes\n", []]);
  expect(github.checks).toMatchObject([{ conclusion: "success", output: { title: "No flow changes" } }]);
});

test("on the main branch a flow is pushed to be released, and one that is gone is named", async () => {
  github.files = ["flows/shop/chat.prompty", "flows/old/flow.yaml"];
  github.commits = [BASE];
  const body = { before: BASE, after: HEAD, ref: "refs/heads/main" };
  const { code, stdout } = await inWorkflow(await checkout(), { name: "push", body });
  expect(code).toBe(0);
  expect(stdout).toContain("Production serves shop@bbbbbbbbbbbb.");
  expect(stdout).toContain("flow.yaml is gone from flows/old");
  const closing = await store.read("flows", "shop/.commit.json");
  expect(JSON.parse(closing?.body.toString() ?? "")).toMatchObject({ commit: HEAD, branch: "main" });
  expect([github.comments, github.checks.length]).toEqual([[], 1]);
});

test("on the main branch every flow is taken that changed since the last commit whose flows were taken", async () => {
  const [cancelled, failed, proposed, released] = ["c", "d", "e", "f"].map((letter) => letter.repeat(40));
  github.commits = [BASE, cancelled, failed, proposed, released, "0".repeat(40)].map(String);
  const check = { name: "Flowgate", external_id: "flowgate-release" };
  github.checks.push(
    { ...check, head_sha: failed, conclusion: "failure" },
    // The pull request's own commit, which a merge made a part of the branch.
    { name: "Flowgate", head_sha: proposed, conclusion: "success" },
    { ...check, head_sha: released, conclusion: "success" },
  );
  const body = { before: BASE, after: HEAD, ref: "refs/heads/main" };
  const { code, stdout } = await inWorkflow(await checkout(), { name: "push", body });
  expect([code, stdout]).toEqual([0, expect.stringContaining("Production serves shop@bbbbbbbbbbbb.")]);
  expect(github.requests).toContain(`GET /repos/ada/shop/compare/${released}...${HEAD}`);
  expect(github.checks.at(-1)).toMatchObject({ ...check, head_sha: HEAD, conclusion: "success" });
});

test("on a main branch without a release yet, the last thirty commits are looked through, and no more", async () => {
  github.commits = Array.from({ length: 40 }, (_, index) => String(index).padStart(40, "a"));
  const body = { before: github.commits[0], after: HEAD, ref: "refs/heads/main" };
  expect((await inWorkflow(await checkout(), { name: "push", body })).code).toBe(0);
  expect(github.requests).toContain(`GET /repos/ada/shop/compare/${github.commits[29]}...${HEAD}`);
  expect(github.requests.filter((one) => one.endsWith("/check-runs"))).toHaveLength(31);
});

test("after a forced push every flow of the repository is taken", async () => {
  const folder = await checkout();
  const body = { before: BASE, after: HEAD, ref: "refs/heads/main" };
  const { code, stdout } = await inWorkflow(folder, { name: "push", body });
  expect([code, stdout]).toEqual([0, "No flow changes\n"]);
  expect(github.requests.some((one) => one.includes("/compare/"))).toBe(false);
});

test("what the workflow may not write is an error that names the permission; the verdict is shown all the same", async () => {
  github.interfere = (method, place) =>
    method === "POST" && place.endsWith("/comments") ? FORBIDDEN : undefined;
  const event = { name: "pull_request", body: pullRequest() };
  const { code, stdout, stderr } = await inWorkflow(await checkout(), event, { shown: judged("pass") });
  expect(code).toBe(2);
  expect(stdout).toContain("✅ shop@bbbbbbbbbbbb passed");
  expect(stderr).toContain("Add `pull-requests: write` to the job's permissions");
  expect(github.checks).toHaveLength(1);
});

test("in a merge queue the check passes, and nothing is pushed or judged anew", async () => {
  const folder = await checkout();
  const body = {
    action: "checks_requested",
    merge_group: {
      head_sha: MERGE,
      head_ref: "refs/heads/gh-readonly-queue/main/pr-12-2222",
      base_sha: BASE,
    },
  };
  const settings = { FLOWGATE_URL: "http://127.0.0.1:9", AzureWebJobsStorage: "" };
  const { code, stdout } = await inWorkflow(folder, { name: "merge_group", body }, { settings });
  expect([code, stdout]).toEqual([0, expect.stringContaining("judged once more")]);
  expect(github.checks).toMatchObject([{ name: "Flowgate", head_sha: MERGE, conclusion: "success" }]);
  // Not one of those that say which flows were taken to be released.
  expect(github.checks[0]).not.toHaveProperty("external_id");
  expect(github.requests).toHaveLength(1);
});

test("a workflow that nobody told where the platform is says so at once, and waits for none", async () => {
  const event = { name: "pull_request", body: pullRequest() };
  const { code, stderr } = await inWorkflow(await checkout(), event, { settings: { FLOWGATE_URL: "" } });
  expect([code, stderr]).toEqual([2, expect.stringContaining("Set the repository's variable FLOWGATE_URL")]);
});

test("pull_request_target is refused, and so is a place that is no workflow", async () => {
  const folder = await checkout();
  const target = await inWorkflow(folder, { name: "pull_request_target", body: pullRequest() });
  expect([target.code, github.requests]).toEqual([2, []]);
  expect(target.stderr).toContain("Never run it on pull_request_target");
  await mkdir(path.join(folder, "elsewhere"));
  const outside = await flowgate(["github"], { folder });
  expect([outside.code, outside.stderr]).toEqual([2, expect.stringContaining("This is no GitHub workflow")]);
});
