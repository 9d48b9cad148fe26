import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LedgerEntry } from "../../shared/model/release.ts";
import { LEDGER_ORIGIN, recordEntry, sealEntry } from "../../shared/registry/ledger.ts";
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
  takeScreenshot,
  type Tab,
} from "./studio-pages.ts";

const KEY = "fg-the-key-of-a-reader";

let browser: Browser;
let scratch: ScratchFlows;
let flowgate: TestPlatform;
let studio: string;
let version: string;

beforeAll(async () => {
  scratch = await makeScratchFlows();
  const sha256 = createHash("sha256").update(KEY).digest("hex");
  const environment = { FLOWGATE_KEYS: JSON.stringify({ rhea: { role: "reader", sha256 } }) };
  [flowgate, browser] = await Promise.all([
    startTestPlatform({ flow: SMALL, flowFolder: scratch.small, environment }),
    launchBrowser(),
  ]);
  studio = `${flowgate.platform.host.url}/studio`;
  version = verdictOf(await flowgate.pushAndWait({ author: "Ada", message: "Open the shop" })).version;
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await flowgate?.[Symbol.asyncDispose]();
  await scratch?.[Symbol.asyncDispose]();
});

async function signedIn(url: string, options: Parameters<typeof openTab>[2] = {}): Promise<Tab> {
  const tab = await openTab(browser, url, options);
  await tab.page.getByLabel("Key or token").fill(KEY);
  await tab.page.getByRole("button", { name: "Sign in" }).click();
  // That a key is wanted is told by a refusal.
  tab.problems.length = 0;
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
    const guardrails = page.getByRole("region", { name: "Guardrails" });
    await guardrails.getByRole("link", { name: /^ledger entry 1/ }).click();
    await page.locator("li[aria-current=true]").filter({ hasText: version }).waitFor();
    expect(tab.problems).toEqual([]);
  },
);

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
