import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scorecardHtml } from "../../pipelines/decide/scorecard-html.ts";
import { scorecard } from "../../shared/report/scorecard.ts";
import { scorecardSources } from "../pipelines/decide/scorecard-samples.ts";
import { launchBrowser } from "./find-browser.ts";
import { accessibilityFindings, expectNoOverflow, openTab, PHONE, takeScreenshot } from "./studio-pages.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

test.each([
  ["desktop", {}],
  ["phone-dark", { ...PHONE, colorScheme: "dark" as const }],
])("the scorecard can be read by everybody: %s", async (name, options) => {
  await using tab = await openTab(browser, "about:blank", options);
  const { page } = tab;
  await page.setContent(scorecardHtml(scorecard(scorecardSources()), "https://app.example"));
  await page.getByRole("heading", { level: 1, name: /^Scorecard: shop@bbbbbbbbbbbb/ }).waitFor();
  await page.getByRole("link", { name: "ledger entry 3" }).waitFor();
  await expectNoOverflow(page);
  expect(await accessibilityFindings(page)).toEqual([]);
  await takeScreenshot(page, `scorecard-${name}`);
  expect(tab.problems).toEqual([]);
});
