import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LedgerEntry } from "../../shared/model/release.ts";
import type { RowResult, RunPlan } from "../../shared/model/run.ts";
import { LEDGER_ORIGIN, recordEntry, sealEntry } from "../../shared/registry/ledger.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { makeScratchFlows, SMALL, type ScratchFlows } from "../e2e/scratch-flows.ts";
import { startTestPlatform, verdictOf, type TestPlatform } from "../e2e/test-platform.ts";
import { pushFlow } from "../../cli/push-flow.ts";
import { readFlowFolder } from "../../cli/read-flow-folder.ts";
import { launchBrowser } from "./find-browser.ts";
import {
  accessibilityFindings,
  expectNoOverflow,
  openTab,
  PHONE,
  signIn,
  takeScreenshot,
  type Tab,
} from "./studio-pages.ts";

const KEY = "fg-the-key-of-a-reader";

let browser: Browser;
let scratch: ScratchFlows;
let flowgate: TestPlatform;
let studio: string;
let version: string;
let run: string;

beforeAll(async () => {
  scratch = await makeScratchFlows();
  const sha256 = createHash("sha256").update(KEY).digest("hex");
  const environment = { FLOWGATE_KEYS: JSON.stringify({ rhea: { role: "reader", sha256 } }) };
  [flowgate, browser] = await Promise.all([
    startTestPlatform({ flow: SMALL, flowFolder: scratch.small, environment }),
    launchBrowser(),
  ]);
  studio = `${flowgate.platform.host.url}/studio`;
  ({ version, run } = verdictOf(await flowgate.pushAndWait({ author: "Ada", message: "Open the shop" })));
});
afterAll(async () => {
  await browser?.close();
  await flowgate?.[Symbol.asyncDispose]();
  await scratch?.[Symbol.asyncDispose]();
});

async function signedIn(url: string, options: Parameters<typeof openTab>[2] = {}): Promise<Tab> {
  const tab = await openTab(browser, url, options);
  await signIn(tab, KEY);
  return tab;
}

/** A ledger of a flow of its own, so long that its first entries are on no first page. */
async function writeLedger(flow: string, length: number): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (let sequence = 1; sequence <= length; sequence += 1) {
    const entry = sealEntry({
      flow,
      sequence,
      previousHash: entries.at(-1)?.hash ?? LEDGER_ORIGIN,
      at: new Date(Date.UTC(2026, 10, 1) + sequence * 3_600_000).toISOString(),
      kind: "rejected",
      version: "aaaaaaaaaaaa",
      suite: "cccccccccccc",
      run: undefined,
      from: undefined,
      actor: "system",
      reason: `Reason ${sequence}`,
      commit: undefined,
    });
    await recordEntry(flowgate.store, entry);
    entries.push(entry);
  }
  return entries;
}

test("an entry of the ledger has an address, at which it is in view, marked and focused, however old it is", async () => {
  const entries = await writeLedger("long", 120);
  const address = `${studio}/flows/long`;
  await using tab = await signedIn(`${address}?entry=3`);
  const { page } = tab;
  const marked = page.locator("[aria-current=true]").filter({ hasText: "Reason 3" });
  await marked.waitFor();
  expect(await marked.textContent()).toContain(`#3 ${entries[2]?.hash.slice(0, 8)}…`);
  await page.locator("li:focus").filter({ hasText: "Reason 3" }).waitFor();
  const box = await marked.boundingBox();
  expect(box?.y).toBeGreaterThan(0);
  expect(box?.y).toBeLessThan(page.viewportSize()?.height ?? 0);
  expect(await accessibilityFindings(page)).toEqual([]);
  await takeScreenshot(page, "ledger-entry");

  // From one entry to the next, as a link in the page leads.
  await page.getByRole("link", { name: /^#5 / }).click();
  await page.locator("li[aria-current=true]").filter({ hasText: "Reason 5" }).waitFor();
  expect(page.url()).toBe(`${address}?entry=5`);
  await page.goto(`${address}?entry=400`);
  await page.getByText("The ledger has no entry 400 yet.").waitFor();
  expect(tab.problems).toEqual([]);
});

test.each([
  ["desktop", {}],
  ["phone-dark", { ...PHONE, colorScheme: "dark" as const }],
])(
  "who signs in reads the scorecard in the studio, and follows it to entry, run and file: %s",
  async (name, options) => {
    await using tab = await signedIn(`${studio}/flows/${SMALL}/release`, options);
    const { page } = tab;
    await page.getByRole("link", { name: "Scorecard", exact: true }).click();
    await page.getByRole("heading", { name: `Scorecard: ${SMALL}@${version} serves production` }).waitFor();
    const heads = await page.getByRole("heading", { level: 2 }).allTextContents();
    expect(heads).toEqual(expect.arrayContaining(["Data used", "Guardrails", "Known failures"]));
    expect(await accessibilityFindings(page)).toEqual([]);
    await expectNoOverflow(page);
    await takeScreenshot(page, `scorecard-studio-${name}`);

    await page.getByRole("link", { name: "data.jsonl", exact: true }).click();
    await page.getByLabel("Text of data.jsonl").getByText("question").waitFor();
    expect(await accessibilityFindings(page)).toEqual([]);
    await expectNoOverflow(page);
    await page.goBack();
    // Day and hour, also for who points at nothing.
    const decisions = page.getByRole("table", { name: /^Every entry of the ledger/ });
    expect(await decisions.getByRole("row").last().textContent()).toMatch(/20\d\d.*\d:\d\d:\d\d/);
    const guardrails = page.getByRole("region", { name: "Guardrails" });
    await guardrails.getByRole("link", { name: /^ledger entry 1/ }).click();
    await page.locator("li[aria-current=true]").filter({ hasText: version }).waitFor();
    expect(tab.problems).toEqual([]);
  },
);

test("a release page shows what counts at its step: no sessions where nobody is served", async () => {
  const { release, ...status } = await flowgate.api.flow(SMALL);
  const since = new Date().toISOString();
  const shadow = { share: 0.1, minTurns: 50, noWorseThan: 0.05 };
  const plan = { kind: "canary", steps: [0.5], minSessions: 10, minTimeMs: 1, expiresMs: 3_600_000, shadow };
  const candidate = { version: "bbbbbbbbbbbb", suite: "s", run };
  const rollout = { id: "r1", candidate, plan, startedAt: since, since, approvedStep: 0 };
  const canary = { version: "bbbbbbbbbbbb", weight: 0, seed: "x", rolloutId: "r1", step: 0, since };
  const counted = { rolloutId: "r1", step: 0, sessions: { canary: 0, stable: 0 }, boundary: 120 };
  await using tab = await signedIn(studio);
  const { page } = tab;
  const show = async (differences: object, progress: object): Promise<void> => {
    const shown = { ...release, rollout, ...differences };
    const progressed = { ...counted, defects: [], arrivals: [], ...progress };
    await page.route(`**/api/flows/${SMALL}`, (route) =>
      route.fulfill({ json: { ...status, release: shown } }),
    );
    await page.route(`**/api/flows/${SMALL}/release`, (route) =>
      route.fulfill({ json: { flow: SMALL, release: shown, rollout: progressed } }),
    );
    await page.goto(`${studio}/flows/${SMALL}/release`);
    await page.getByRole("heading", { name: "Rollout of bbbbbbbbbbbb" }).waitFor();
    await page.getByRole("heading", { name: "Latest decisions" }).waitFor();
  };
  await show({ state: "canary", canary }, { shadow: { turns: 12, wins: 0.48 } });
  const turns = page.getByRole("region", { name: "Turns that both answered" });
  expect(await turns.textContent()).toMatch(/12 of 50 needed.*share of wins is 48 %.*above 45 %/);
  await page
    .getByText(/^.?answers unseen$/)
    .first()
    .waitFor();
  expect(await page.getByText("Sessions at this step").count()).toBe(0);
  expect(await accessibilityFindings(page)).toEqual([]);

  await show({ state: "awaiting_approval" }, {});
  await page.getByText(/nobody is served by it; without a decision it is rejected at/).waitFor();
  expect(await page.getByText("Sessions at this step").count()).toBe(0);
  expect(tab.problems).toEqual([]);
});

/** A run of the flow that has `count` rows, each a copy of one that was answered. */
async function writeLongRun(count: number): Promise<string> {
  const read = async (name: string): Promise<string> =>
    String((await flowgate.store.read("registry", name))?.body);
  const plan = JSON.parse(await read(registryPath.plan(SMALL, run))) as RunPlan;
  const rows = await read(registryPath.shard(SMALL, run, plan.shards[0] ?? ""));
  const first = JSON.parse(rows.split("\n")[0] ?? "") as RowResult;
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({ ...first, row: { ...first.row, id: `row ${index}` } }),
  );
  const long: RunPlan = { ...plan, id: "0123456789ab", rows: count };
  await flowgate.store.create("registry", registryPath.plan(SMALL, long.id), JSON.stringify(long));
  const shard = registryPath.shard(SMALL, long.id, plan.shards[0] ?? "");
  await flowgate.store.create("registry", shard, lines.join("\n"));
  return long.id;
}

test("a row of a run has an address, at which it is open, in view and focused, however many stand before it", async () => {
  const address = `${studio}/flows/${SMALL}/runs/${await writeLongRun(1_100)}`;
  await using tab = await signedIn(`${address}?row=data.jsonl:row 1050`);
  const { page } = tab;
  const row = page.getByRole("button", { name: "row 1050", exact: true });
  await row.waitFor();
  expect(await row.getAttribute("aria-expanded")).toBe("true");
  await page.getByRole("heading", { name: "Answer", exact: true }).waitFor();
  await expect.poll(() => page.evaluate("document.activeElement?.textContent")).toBe("row 1050");
  const box = await row.boundingBox();
  expect(box?.y).toBeGreaterThan(0);
  expect(box?.y).toBeLessThan(page.viewportSize()?.height ?? 0);

  // The button goes; who pressed it by keyboard goes on at what it brought.
  await page.getByRole("button", { name: "Show what it was answered from" }).press("Enter");
  await page.getByRole("region", { name: "Context" }).waitFor();
  expect(await page.evaluate("document.activeElement?.ariaLabel")).toBe("Context");

  await page.goto(`${address}?row=data.jsonl:none`);
  await page.getByText("The run has no row data.jsonl:none.").waitFor();
  expect(await accessibilityFindings(page)).toEqual([]);
  expect(tab.problems).toEqual([]);
});

test("rows that are in are shown while a shard before them is still answered, and its own once they are", async () => {
  const { store } = flowgate;
  const read = async (name: string): Promise<string> => String((await store.read("registry", name))?.body);
  const plan = JSON.parse(await read(registryPath.plan(SMALL, run))) as RunPlan;
  const [shard = ""] = plan.shards;
  const open: RunPlan = { ...plan, id: "fedcba987654", purpose: "proposal", shards: ["slow", shard] };
  const rows = await read(registryPath.shard(SMALL, run, shard));
  await store.create("registry", registryPath.plan(SMALL, open.id), JSON.stringify(open));
  await store.create("registry", registryPath.shard(SMALL, open.id, shard), rows);
  await using tab = await signedIn(`${studio}/flows/${SMALL}/runs/${open.id}`);
  const { page } = tab;
  await page.locator(".row-toggle").first().waitFor();
  const first = JSON.parse(rows.split("\n")[0] ?? "") as RowResult;
  const late = JSON.stringify({ ...first, row: { ...first.row, id: "late" } });
  await store.create("registry", registryPath.shard(SMALL, open.id, "slow"), `${late}\n`);
  await page.getByRole("button", { name: "late", exact: true }).waitFor();
  expect(tab.problems).toEqual([]);
});

test("what failed in passing comes by itself: the rows of a run, and a file of a version", async () => {
  await using tab = await signedIn(`${studio}/flows/${SMALL}/runs/${run}`);
  const { page } = tab;
  await page.getByRole("button", { name: "open", exact: true }).waitFor();
  const resting = { status: 503, json: { error: { code: "unavailable", message: "Storage rests." } } };
  await page.route(/\/(rows|file)\?/, (route) => route.fulfill(resting));
  await page.reload();
  await page.getByRole("alert").getByText("Storage rests.").waitFor();
  await page.unroute(/\/(rows|file)\?/);
  await page.getByRole("button", { name: "open", exact: true }).waitFor();

  await page.route(/\/(rows|file)\?/, (route) => route.fulfill(resting), { times: 1 });
  await page.goto(`${studio}/flows/${SMALL}/versions/${version}?file=chat.prompty`);
  await page.getByRole("alert").getByText("Storage rests.").waitFor();
  const file = page.getByLabel("Text of chat.prompty");
  await file.waitFor();
  expect(await file.textContent()).toContain("The shop opens at 9");
});

test("who signs out leaves nothing behind for whoever comes next", async () => {
  await using tab = await signedIn(`${studio}/flows/${SMALL}`);
  const { page } = tab;
  await page.getByText("Open the shop").first().waitFor();
  await page.getByText("rhea").waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You have signed out.").waitFor();
  expect(await page.getByText("rhea").count()).toBe(0);
  // Whatever is given as a key, while nothing tells whether it is one.
  await page.route("**/api/**", (route) => route.abort());
  await page.getByLabel("Key or token").fill("fg-a-guess");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Nothing answers. This page goes on by itself").first().waitFor();
  for (const text of ["Open the shop", version, "rhea"]) {
    expect([text, await page.getByText(text).count()]).toEqual([text, 0]);
  }
  await page.unroute("**/api/**");
  await page.getByText("is not valid here").waitFor();
});

test("a scorecard that is kept as a file leads back to its platform; what is not given is said", async () => {
  await using tab = await signedIn(`${studio}/flows/${SMALL}/versions/${version}/scorecard`);
  const { page } = tab;
  const given = async (words: string): Promise<string> => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: words }).click(),
    ]);
    return readFile(await download.path(), "utf8");
  };
  const card = JSON.parse(await given("Scorecard as JSON")) as { version: string };
  expect(card.version).toBe(version);
  const html = await given("As one page to keep");
  const links = [...html.matchAll(/href="([^"]+)"/g)].map(([, address]) => address);
  expect(links).toContain(`${studio}/flows/${SMALL}?entry=1`);
  expect(links.filter((address) => !address?.startsWith(`${studio}/`))).toEqual([]);

  await page.route("**/scorecard.html", (route) => route.fulfill({ status: 503, json: {} }));
  await page.getByRole("button", { name: "As one page to keep" }).click();
  await page.getByRole("alert").getByText("was not given: Flowgate answers 503").waitFor();
});

test("the run of a pull request is reached from the history of its flow", async () => {
  const { files } = await readFlowFolder(flowgate.folder);
  const commit = { pullRequest: 12, message: "Close earlier" };
  await pushFlow({ store: flowgate.store, flow: SMALL, proposal: "pr-12", files, commit });
  await using tab = await signedIn(`${studio}/flows/${SMALL}`);
  const { page } = tab;
  const proposal = page.getByRole("row", { name: /pr-12/ });
  await proposal.getByText("passed").waitFor();
  expect(await proposal.textContent()).toContain("Close earlier");
  expect(await accessibilityFindings(page)).toEqual([]);
  await proposal.getByRole("link", { name: "pr-12" }).click();
  await page.waitForURL(/\/runs\/[\w-]+$/);
  await page.getByRole("heading", { level: 1, name: /passed: all 2 requirements hold/ }).waitFor();
  expect(tab.problems).toEqual([]);
});

test("what a pull request proposes can be compared, and where it is refused it says file, line and remedy", async () => {
  const { files } = await readFlowFolder(flowgate.folder);
  const text = async (name: string): Promise<string> => readFile(path.join(flowgate.folder, name), "utf8");
  const push = async (name: string, changed: string): Promise<void> => {
    const withChange = new Map(files).set(name, Buffer.from(changed));
    await pushFlow({ store: flowgate.store, flow: SMALL, proposal: "pr-13", files: withChange, commit: {} });
  };
  await using tab = await signedIn(`${studio}/flows/${SMALL}`);
  const { page } = tab;
  await push("chat.prompty", (await text("chat.prompty")).replace("closes at 17", "closes at 16"));
  const proposal = page.getByRole("row", { name: /pr-13/ });
  await proposal.getByText("passed").waitFor();
  await page.getByRole("link", { name: "Compare", exact: true }).first().click();
  const offered = page.getByLabel("After", { exact: true }).locator("option");
  await offered.filter({ hasText: "proposed by pr-13" }).waitFor({ state: "attached" });

  await page.getByRole("link", { name: "History", exact: true }).click();
  await push("flow.yaml", `${await text("flow.yaml")}nonsense: true\n`);
  await proposal.getByText(/^flow\.yaml:\d+: /).click();
  await proposal.getByText(/^flow\.yaml:\d+:\d+$/).waitFor();
  expect(await accessibilityFindings(page)).toEqual([]);
  await expectNoOverflow(page);
  await takeScreenshot(page, "proposal-refused");
  expect(tab.problems).toEqual([]);
});
