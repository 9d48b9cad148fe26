import { rm } from "node:fs/promises";
import { launchBrowser } from "../tests/browser/find-browser.ts";
import { quantile } from "../shared/statistics/quantile.ts";
import { benchFlow, writeFlowsFolder } from "./bench-flow.ts";
import { round } from "./bench-result.ts";
import type { BenchResult } from "./bench-result.ts";
import { startModelStub } from "./model-stub.ts";
import { startPlatformProcess } from "./platform-process.ts";

const LOADS = 10;

/** Notes when the page first shows what the platform said, and not only its own name. */
const NOTE_FACTS = `new MutationObserver((_, observer) => {
  if (!document.querySelector("main h1")) return;
  window.factsAt = performance.now();
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });`;

/** What was noted, once the browser has said when it painted first. */
const TIMES = `new Promise((resolve) => {
  const look = () => {
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    if (paint) resolve({ text: paint.startTime, facts: window.factsAt });
    else requestAnimationFrame(look);
  };
  look();
})`;

/** How soon the studio shows something, in a browser that has its files: loads of the list of flows over loopback. */
export async function run(): Promise<BenchResult> {
  await using stack = new AsyncDisposableStack();
  const model = stack.adopt(await startModelStub(0), (stub) => stub.close());
  const flows = stack.adopt(await writeFlowsFolder("shop", benchFlow("shop", 1)), (folder) =>
    rm(folder, { recursive: true, force: true }),
  );
  const platform = stack.adopt(
    await startPlatformProcess({
      flows,
      environment: { OPENAI_BASE_URL: model.baseUrl, OPENAI_API_KEY: "stub", FLOWGATE_MODEL: "stub" },
    }),
    (started) => started.close(),
  );
  const browser = stack.adopt(await launchBrowser(), (launched) => launched.close());
  const page = await browser.newPage();
  await page.addInitScript(NOTE_FACTS);
  const times: { text: number; facts: number }[] = [];
  // The first fills the browser's cache.
  for (let load = 0; load <= LOADS; load += 1) {
    await page.goto(`${platform.addresses.host}/studio`);
    await page.locator("main h1").waitFor();
    const seen: { text: number; facts: number } = await page.evaluate(TIMES);
    if (load > 0) times.push(seen);
  }
  const median = (values: number[]): number =>
    round(
      quantile(
        values.toSorted((a, b) => a - b),
        0.5,
      ) ?? 0,
    );
  return {
    figures: {
      first_text_ms: {
        value: median(times.map(({ text }) => text)),
        bound: "navigation to the first text on the screen: one request, the browser's own start of a page",
      },
      first_facts_ms: {
        value: median(times.map(({ facts }) => facts)),
        bound:
          "navigation to the flows' heading in the page: script from the cache, then a request of the API",
      },
    },
    measured: `${LOADS} loads in a headless browser, medians`,
  };
}
