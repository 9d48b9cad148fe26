import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { releaseDirectly } from "../e2e/release-directly.ts";
import { makeScratchFlows, SMALL, type ScratchFlows } from "../e2e/scratch-flows.ts";
import { writeSmallFlow } from "../e2e/small-flow.ts";
import { startTestPlatform, type TestPlatform } from "../e2e/test-platform.ts";
import { launchBrowser } from "./find-browser.ts";
import { NEW, OLD, seedTraffic } from "./seed-traffic.ts";
import { accessibilityFindings, expectNoOverflow, openTab, PHONE, takeScreenshot } from "./studio-pages.ts";

let browser: Browser;
let scratch: ScratchFlows;
let flowgate: TestPlatform;
let address: string;

beforeAll(async () => {
  scratch = await makeScratchFlows();
  [flowgate, browser] = await Promise.all([
    startTestPlatform({ flow: SMALL, flowFolder: scratch.small }),
    launchBrowser(),
  ]);
  await releaseDirectly(
    flowgate.store,
    { name: SMALL, prompt: "chat.prompty", steps: [] },
    writeSmallFlow(SMALL),
  );
  address = `${flowgate.platform.host.url}/studio/flows/${SMALL}/traffic`;
});
afterAll(async () => {
  await browser?.close();
  await flowgate?.[Symbol.asyncDispose]();
  await scratch?.[Symbol.asyncDispose]();
});

test("a page without traffic says how to make some, and what is served then appears by itself", async () => {
  await using tab = await openTab(browser, address);
  const { page } = tab;
  await page.getByRole("heading", { name: "Nothing was served in the last hour" }).waitFor();
  await page.getByText(`flowgate chat ${SMALL}`).waitFor();
  expect(await accessibilityFindings(page)).toEqual([]);
  await takeScreenshot(page, "traffic-empty");

  const answered = await fetch(`${flowgate.platform.host.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: SMALL, messages: [{ role: "user", content: "When does the shop open?" }] }),
  });
  expect(answered.status).toBe(200);
  await page.getByRole("region", { name: "Requests" }).getByText("1 turn").waitFor();
  expect(tab.problems).toEqual([]);
});

test("stable and canary are drawn apart, with releases, and every number can be read as text", async () => {
  await seedTraffic(flowgate.store, SMALL);
  await using tab = await openTab(browser, address);
  const { page } = tab;
  const requests = page.getByRole("figure", { name: "Requests" });
  await requests
    .getByRole("img", { name: /^Requests, turns in each minute\. stable: 0 to 1\d.*canary: / })
    .waitFor();
  expect(await requests.locator("canvas").count()).toBe(1);
  const latency = page.getByRole("figure", { name: "Latency" });
  const key = await latency.getByRole("listitem").allTextContents();
  expect(key.slice(0, 6).map((text) => text.replace(/[\d.]+ (ms|s)$/, ""))).toEqual([
    "stable p50 ",
    "stable p95 ",
    "stable p99 ",
    "canary p50 ",
    "canary p95 ",
    "canary p99 ",
  ]);
  expect(await page.getByRole("region", { name: "Guardrails" }).textContent()).toMatch(
    /\d+ blocked turns?of/,
  );
  await page.getByText("Times are those of ").waitFor();
  const releases = await page.locator(".release-list li").allTextContents();
  expect(releases).toHaveLength(3);
  expect(releases[2]).toMatch(/^3.*canary advanced.*25 % of sessionsby Ada$/);

  await page.getByText("As a table: Errors").click();
  const errors = page.getByRole("table", { name: /^Errors, share of turns/ });
  expect(await errors.getByRole("columnheader").allTextContents()).toEqual(["from", "stable", "canary"]);
  expect(await errors.textContent()).toMatch(/33.3 %/);
  const served = page.getByRole("table", { name: "What each version served" });
  expect(await served.getByRole("row", { name: NEW }).textContent()).toMatch(/model_unavailable/);
  expect(await served.getByRole("row", { name: OLD }).textContent()).toMatch(/jailbreak/);
  await page.getByRole("figure", { name: "groundedness, scored online" }).locator("canvas").waitFor();

  await requests.locator(".u-over").hover({ position: { x: 60, y: 60 } });
  await expect.poll(() => requests.getByRole("listitem").last().textContent()).toMatch(/:\d\d/);
  expect(await accessibilityFindings(page)).toEqual([]);
  await takeScreenshot(page, "traffic");
  expect(tab.problems).toEqual([]);
});

test("the range is in the address, and a phone in the dark can read all of it", async () => {
  await using tab = await openTab(browser, address, { ...PHONE, colorScheme: "dark" });
  const { page } = tab;
  await page.getByRole("link", { name: "24 hours" }).click();
  await page.getByRole("figure", { name: "Requests" }).getByText("turns in 15 minutes").waitFor();
  expect(new URL(page.url()).search).toBe("?hours=24");
  await page.reload();
  await page.getByRole("heading", { name: "Traffic of the last 24 hours" }).waitFor();
  await page.getByRole("figure", { name: "Requests" }).locator("canvas").waitFor();
  // Held, the address shows everybody the same time.
  await page.getByRole("link", { name: "hold this time" }).click();
  await page.getByRole("heading", { name: /^Traffic of the 24 hours to / }).waitFor();
  await page.getByRole("figure", { name: "Requests" }).locator("canvas").waitFor();
  expect(new URL(page.url()).searchParams.get("to")).toMatch(/^20.*Z$/);
  await page.getByRole("link", { name: "earlier" }).click();
  await page.getByRole("heading", { name: /^Nothing was served in the 24 hours to / }).waitFor();
  await page.getByRole("link", { name: "now", exact: true }).click();
  await page.getByRole("figure", { name: "Requests" }).locator("canvas").waitFor();
  await expectNoOverflow(page);
  expect(await accessibilityFindings(page)).toEqual([]);
  await takeScreenshot(page, "traffic-phone-dark");
  expect(tab.problems).toEqual([]);
});

test("a failing answer says so where it would be, and an outage says nothing of what was never seen", async () => {
  await using tab = await openTab(browser, "about:blank");
  const { page } = tab;
  const failing = { status: 500, json: { error: { code: "internal", message: "Storage is in flames." } } };
  await page.route("**/traffic?*", (route) => route.fulfill(failing));
  await page.goto(address);
  const refused = page.getByRole("alert").filter({ hasText: "Flowgate could not show the traffic" });
  await refused.getByText("Storage is in flames.").waitFor();
  expect(await page.getByText("Connection lost").count()).toBe(0);
  expect(await accessibilityFindings(page)).toEqual([]);
  await page.unroute("**/traffic?*");
  await refused.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("figure", { name: "Requests" }).locator("canvas").waitFor();
  // What is there stays, with a note that it is not the newest.
  await page.route("**/traffic?*", (route) => route.fulfill(failing));
  await page.getByText("What you see of the traffic is not the newest: Storage is in flames.").waitFor();
  await page.getByRole("figure", { name: "Requests" }).locator("canvas").waitFor();

  await page.route("**/api/**", (route) => route.abort());
  await page.reload();
  await page.getByText("Connection lost, trying again.").waitFor();
  await page.getByText("Nothing answers. This page goes on by itself").waitFor();
  expect(await page.getByText("What you see").count()).toBe(0);
});

test("a browser without a language draws the charts too", async () => {
  await using tab = await openTab(browser, address, { locale: "en-US@posix" });
  await tab.page.getByRole("figure", { name: "Requests" }).locator("canvas").waitFor();
  expect(tab.problems).toEqual([]);
});
