import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { launchBrowser } from "../tests/browser/find-browser.ts";
import { CONTOSO, startTestPlatform, verdictOf } from "../tests/e2e/test-platform.ts";

/**
 * `npm run screenshots`: takes the pictures of the README and the guides from a platform of its own, on which the
 * sample flow is edited as the README's first minute tells it.
 */
const IMAGES = path.resolve(import.meta.dirname, "../docs/images");
const MOST_BYTES = 250_000;
const WIDE: BrowserContextOptions = { viewport: { width: 1200, height: 960 }, locale: "en-GB" };

const browser = await launchBrowser();
try {
  await using flowgate = await startTestPlatform({ keepLatency: true });
  const commit = { author: "Ada Lovelace", branch: "main" };
  const push = async (message: string, hash: string): Promise<string> =>
    verdictOf(await flowgate.pushAndWait({ ...commit, commit: hash, message })).run;
  await push("Answer from products and policies", "5d1f0c27");
  let original = "";
  await flowgate.edit("chat.prompty", (text) => {
    original = text;
    return text.replace(/\{% for product in documents %\}[\s\S]*?\{% endfor %\}\n/, "");
  });
  const worse = await push("Drop the product list", "8be20a91");
  await flowgate.edit("chat.prompty", () =>
    original.replace("at most four sentences", "at most two sentences"),
  );
  await push("Answer in two sentences", "c40771de");

  const studio = `${flowgate.platform.host.url}/studio/flows/${CONTOSO}`;
  await mkdir(IMAGES, { recursive: true });
  await take(browser, `${studio}/runs/${worse}`, "Requirements", "studio-run", {
    ...WIDE,
    viewport: { width: 1200, height: 1480 },
  });
  await take(browser, studio, "History", "studio-history", WIDE);
  await take(browser, `${studio}/compare`, "Rows that flipped", "studio-compare", {
    ...WIDE,
    colorScheme: "dark",
  });
} finally {
  await browser.close();
}

async function take(
  browser: Browser,
  url: string,
  heading: string,
  name: string,
  options: BrowserContextOptions,
): Promise<void> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole("heading", { name: heading, exact: true }).waitFor();
  await page.waitForTimeout(500);
  const file = path.join(IMAGES, `${name}.png`);
  await page.screenshot({ path: file });
  const { size } = await stat(file);
  if (size > MOST_BYTES) throw new Error(`${file} has ${size} bytes: take a smaller part of the page.`);
  console.log(`${path.relative(process.cwd(), file)}  ${Math.round(size / 1000)} kB`);
  await context.close();
}
