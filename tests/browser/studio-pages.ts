import { mkdir } from "node:fs/promises";
import path from "node:path";
import axe from "axe-core";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";

/** Looked at by people after a run; git knows nothing of them. */
const SCREENSHOTS = path.resolve(import.meta.dirname, "../../.flowgate/screenshots");

export const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 900 } };
export const WIDE: BrowserContextOptions = { viewport: { width: 1600, height: 1000 } };
export const PHONE: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  hasTouch: true,
  isMobile: true,
};

/** A tab, with what it logged as an error: refused by the policy, thrown, or not found. */
export interface Tab extends AsyncDisposable {
  page: Page;
  problems: string[];
}

export async function openTab(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Tab> {
  const context: BrowserContext = await browser.newContext({
    ...DESKTOP,
    locale: "en-GB",
    // What moves all the time is drawn all the time, which takes more of a machine without graphics than the tests do.
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await page.goto(url);
  return { page, problems, [Symbol.asyncDispose]: () => context.close() };
}

/** Signs in where the page asks for it; that it asks is told by refusals, which are no problems of the page. */
export async function signIn({ page, problems }: Tab, key: string): Promise<void> {
  const field = page.getByLabel("Key or token");
  await field.fill(key);
  await page.getByRole("button", { name: "Sign in" }).click();
  // Whatever was refused before is told by the time this was not.
  await field.waitFor({ state: "detached" });
  const others = problems.filter((problem) => !problem.includes("status of 401"));
  problems.splice(0, problems.length, ...others);
}

/** What axe finds on a page as it is now, a line a finding with the elements it means. */
export async function accessibilityFindings(page: Page): Promise<string[]> {
  // By the debugger's way in, which the page's policy does not concern; read once a document, it is half a megabyte.
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axe.source);
  const run = `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ": " + html + " " + failureSummary)))`;
  return page.evaluate(run) as Promise<string[]>;
}

/** Nothing is wider than the page, so that nobody has to scroll sideways to read. */
export async function expectNoOverflow(page: Page): Promise<void> {
  // Not the window's own width: on a phone that grows with what is too wide.
  const width = page.viewportSize()?.width ?? 0;
  const needed = await page.evaluate("document.documentElement.scrollWidth");
  expect(needed, `${page.url()} is wider than its window`).toBeLessThanOrEqual(width);
}

export async function takeScreenshot(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), fullPage: true });
}
