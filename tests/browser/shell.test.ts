import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CurrentRun, FlowSource, SupersededChange } from "../../shared/model/intake.ts";
import type { RunPlan } from "../../shared/model/run.ts";
import { createJson, readJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { startOfflineModel } from "../../local/model/start-offline-model.ts";
import { OFFLINE_STAND_IN } from "../../shared/model/offline-stand-in.ts";
import { type CountingProxy, startCountingProxy } from "../e2e/counting-proxy.ts";
import { makeScratchFlows, SMALL, type ScratchFlows } from "../e2e/scratch-flows.ts";
import { sharedModel } from "../e2e/shared-model.ts";
import { startTestPlatform, type TestPlatform } from "../e2e/test-platform.ts";
import { launchBrowser } from "./find-browser.ts";
import { accessibilityFindings, expectNoOverflow, openTab, PHONE, takeScreenshot } from "./studio-pages.ts";

const model = sharedModel() ?? (await startOfflineModel());
let proxy: CountingProxy;
let browser: Browser;
let scratch: ScratchFlows;
let flowgate: TestPlatform;
let studio: string;

beforeAll(async () => {
  scratch = await makeScratchFlows();
  proxy = await startCountingProxy(model.baseUrl);
  [flowgate, browser] = await Promise.all([
    startTestPlatform({
      flow: SMALL,
      flowFolder: scratch.small,
      environment: {
        OPENAI_BASE_URL: proxy.baseUrl,
        OPENAI_API_KEY: "any",
        FLOWGATE_MODEL: OFFLINE_STAND_IN,
        FLOWGATE_JUDGE_MODEL: OFFLINE_STAND_IN,
        FLOWGATE_MODEL_CONCURRENCY: "2",
      },
    }),
    launchBrowser(),
  ]);
  studio = `${flowgate.platform.host.url}/studio`;
});
afterAll(async () => {
  await browser?.close();
  await flowgate?.[Symbol.asyncDispose]();
  await proxy?.[Symbol.asyncDispose]();
  await model.close();
  await scratch?.[Symbol.asyncDispose]();
});

test("an empty platform says how to begin, and a push appears without reloading", async () => {
  await using tab = await openTab(browser, studio);
  const { page } = tab;
  await page.getByRole("heading", { name: "No flow was pushed yet" }).waitFor();
  expect(await accessibilityFindings(page)).toEqual([]);
  await takeScreenshot(page, "empty");

  const { kind } = await flowgate.pushAndWait({ author: "Ada <ada@example.com>", message: "Open the shop" });
  expect(kind).toBe("decided");
  const row = page.getByRole("row", { name: SMALL });
  await row.getByText("passed: all 2 requirements hold").waitFor();
  expect(await row.textContent()).toContain("Open the shop");
  expect(await accessibilityFindings(page)).toEqual([]);
  await takeScreenshot(page, "flows");
  expect(tab.problems).toEqual([]);
});

test("where the traffic cannot be read its place in the list says so, and asks again when told to", async () => {
  await using tab = await openTab(browser, studio, PHONE);
  const { page } = tab;
  await page.getByText("none in the last hour").waitFor();
  const failing = { status: 503, json: { error: { code: "unavailable", message: "Storage rests." } } };
  await page.route("**/traffic?*", (route) => route.fulfill(failing));
  await page.reload();
  const row = page.getByRole("row", { name: SMALL });
  await row.getByText("Not known: HTTP 503. Storage rests.").waitFor();
  expect(await accessibilityFindings(page)).toEqual([]);
  await expectNoOverflow(page);
  await takeScreenshot(page, "flows-no-traffic-phone");
  await page.unroute("**/traffic?*");
  await row.getByRole("button", { name: "Try again" }).click();
  await row.getByText("none in the last hour").waitFor();
  expect(await row.getByRole("button").count()).toBe(0);
});

test("a flow's history leads to its run, whose rows open, and all of it fits a phone", async () => {
  await using tab = await openTab(browser, `${studio}/flows/${SMALL}`, PHONE);
  const { page } = tab;
  await page.getByRole("listitem").filter({ hasText: "promoted" }).waitFor();
  expect(await accessibilityFindings(page)).toEqual([]);
  await expectNoOverflow(page);
  const failing = { status: 503, json: { error: { code: "unavailable", message: "Storage rests." } } };
  await page.route("**/rows?*", (route) => route.fulfill(failing), { times: 1 });
  await page.getByRole("link", { name: "Run", exact: true }).first().click();
  await page.getByRole("alert").getByText("Storage rests.").waitFor();
  await page.getByRole("heading", { name: /passed: all 2 requirements hold/ }).waitFor();
  await page.getByRole("button", { name: "open", exact: true }).click();
  await page.getByRole("button", { name: "Show what it was answered from" }).waitFor();
  expect(page.url()).toContain("row=data.jsonl%3Aopen");
  // There is no room for the columns' heads: what they do is a choice above the rows.
  await page.getByLabel("Sort by").selectOption("row, highest first");
  const names = page.locator(".row-toggle");
  expect(await names.allTextContents()).toEqual(["open", "close"]);
  await page.getByLabel("Sort by").selectOption("row, lowest first");
  expect(await names.allTextContents()).toEqual(["close", "open"]);
  expect(new URL(page.url()).searchParams.get("sort")).toBe("row");
  expect(await page.getByRole("button", { name: "coherence" }).count()).toBe(0);
  expect(await accessibilityFindings(page)).toEqual([]);
  await expectNoOverflow(page);
  await takeScreenshot(page, "run-phone");
  expect(tab.problems.filter((problem) => !problem.includes("status of 503"))).toEqual([]);
});

test("a run that goes on shows by itself how many of its rows are done, and then its verdict", async () => {
  await flowgate.edit("chat.prompty", (text) => text.replace("Answer only", "Answer shortly, and only"));
  const more = Array.from({ length: 12 }, (_, index) => ({
    id: `more ${index}`,
    question: `Is it ${index}?`,
  }));
  await flowgate.edit("data.jsonl", (text) => text + more.map((row) => `${JSON.stringify(row)}\n`).join(""));
  await using tab = await openTab(browser, `${studio}/flows/${SMALL}`);
  const { page } = tab;
  await page.getByRole("listitem").filter({ hasText: "promoted" }).waitFor();
  // The run waits in the middle until it was watched.
  proxy.hold(5);
  const pushed = flowgate.pushAndWait({ message: "Answer shortly" });
  const verdict = page.getByRole("region", { name: "Last verdict" });
  await verdict
    .getByText(/^([1-9]|1[0-3]) of 14 rows$/)
    .last()
    .waitFor();
  expect(await verdict.textContent()).toMatch(/running, [1-9]\d? %.*of 14 rows/);
  const running = page.getByRole("listitem").filter({ hasText: /running, \d+ %/ });
  expect(await running.textContent()).toContain("Answer shortly");
  expect(await running.getByRole("link", { name: "Run" }).getAttribute("href")).toContain("/runs/");
  await takeScreenshot(page, "history-running");
  proxy.release();
  expect((await pushed).kind).toBe("decided");
  await verdict.getByText("all 2 requirements hold").waitFor();
  expect(await page.getByRole("progressbar").count()).toBe(0);
  await page.getByRole("listitem").filter({ hasText: "promoted" }).nth(1).waitFor();
  expect(await running.count()).toBe(0);
  expect(tab.problems).toEqual([]);
});

test("a run that a newer change overtook stands on the time line, and its own page says so", async () => {
  const { store } = flowgate;
  const source: FlowSource = { container: "flows", flow: SMALL };
  const current = await readJson<CurrentRun>(store, "registry", registryPath.currentRun(source));
  const decided = registryPath.plan(SMALL, current?.value.run ?? "");
  const plan = await readJson<RunPlan>(store, "registry", decided);
  await using tab = await openTab(browser, `${studio}/flows/${SMALL}`);
  const { page } = tab;
  await page.getByText("Open the shop").first().waitFor();
  // As the planner leaves it: whether a run is overtaken in time is its own tests' matter.
  const overtaken: SupersededChange = {
    sequence: 99,
    at: new Date().toISOString(),
    version: "0".repeat(12),
    run: "1".repeat(12),
    commit: { author: "Ada", message: "Answer at length" },
  };
  await createJson(store, "registry", registryPath.plan(SMALL, "1".repeat(12)), {
    ...plan?.value,
    id: overtaken.run,
    version: overtaken.version,
  });
  await createJson(store, "registry", registryPath.supersededChange(SMALL, 99), overtaken);
  await page.reload();
  const item = page.getByRole("listitem").filter({ hasText: "Answer at length" });
  await item.getByText("a newer change came before it was judged").waitFor();
  await item.getByRole("link", { name: "Run" }).click();
  await page.getByRole("heading", { name: /was not judged: a newer change came/ }).waitFor();
  expect(tab.problems).toEqual([]);
});

test("the page says where nothing may come from but itself, and its files are kept by browsers", async () => {
  const page = await fetch(studio);
  const policy = page.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).not.toMatch(/unsafe|\*/);
  expect(page.headers.get("cache-control")).toBe("no-cache");
  const text = await page.text();
  expect(text).not.toMatch(/<script>|style=|\son\w+=/);
  const assets = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = ""]) => address);
  expect(assets).toHaveLength(4);
  for (const asset of assets) {
    const file = await fetch(new URL(asset, studio));
    expect(file.status).toBe(200);
    expect(file.headers.get("cache-control")).toContain("immutable");
    expect(file.headers.get("content-encoding")).toBe("gzip");
  }
  expect((await fetch(`${studio}/assets/another.js`)).status).toBe(404);
  expect((await fetch(`${studio}/flows/any/runs/thing`)).status).toBe(200);
});
