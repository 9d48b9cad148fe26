import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Locator, Page, Route } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SMALL, type ScratchFlows } from "../e2e/scratch-flows.ts";
import { startTestPlatform, verdictOf, type TestPlatform } from "../e2e/test-platform.ts";
import { launchBrowser } from "./find-browser.ts";
import { freePort, HOSTILE, makeStudioFlow } from "./studio-flow.ts";
import {
  accessibilityFindings,
  DESKTOP,
  expectNoOverflow,
  openTab,
  PHONE,
  takeScreenshot,
  type Tab,
  WIDE,
} from "./studio-pages.ts";

const KEYS = { ada: "fg-the-key-of-ada", rhea: "fg-the-key-of-rhea" };
// A machine that does much else at the same time takes its time.
const LONG = 300_000;

let browser: Browser;
let scratch: ScratchFlows;
let flowgate: TestPlatform;
let studio: string;
/** Ada's, an operator's: it stays open all the way. */
let ada: Tab;
let first: string;
let better: string;

beforeAll(async () => {
  scratch = await makeStudioFlow();
  const sha256 = (key: string): string => createHash("sha256").update(key).digest("hex");
  const environment = {
    FLOWGATE_PORT: String(await freePort()),
    FLOWGATE_KEYS: JSON.stringify({
      ada: { role: "operator", sha256: sha256(KEYS.ada) },
      rhea: { role: "reader", sha256: sha256(KEYS.rhea) },
    }),
  };
  [flowgate, browser] = await Promise.all([
    startTestPlatform({ flow: SMALL, flowFolder: scratch.small, environment }),
    launchBrowser(),
  ]);
  studio = `${flowgate.platform.host.url}/studio`;
  first = verdictOf(await flowgate.pushAndWait()).version;
}, LONG);
afterAll(async () => {
  await browser?.close();
  await flowgate?.[Symbol.asyncDispose]();
  await scratch?.[Symbol.asyncDispose]();
});

async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel("Key or token").fill(key);
  await page.getByRole("button", { name: "Sign in" }).click();
}

function openPage(page: Page, name: string): Promise<void> {
  return page
    .getByRole("navigation", { name: /^Pages of/ })
    .getByRole("link", { name, exact: true })
    .click();
}

/** The decision in the history or the release that has these words. */
function decision(page: Page, ...words: string[]): Locator {
  return words.reduce((found, hasText) => found.filter({ hasText }), page.getByRole("listitem")).first();
}

/** Keeps new sessions coming until the release is as wanted. */
async function talkUntil(state: string): Promise<void> {
  const stop = new AbortController();
  const talking = (async () => {
    for (let session = 0; !stop.signal.aborted; session += 1) {
      const body = { model: SMALL, messages: [{ role: "user", content: "When does the shop open?" }] };
      await fetch(`${flowgate.platform.host.url}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${KEYS.ada}`, "x-flowgate-session": `${state} ${session}` },
        body: JSON.stringify(body),
      }).then((reply) => reply.text());
      await sleep(100);
    }
  })();
  try {
    await flowgate.until(
      ({ release }) => release?.state === state || release?.rollout?.paused === state,
      state,
      LONG - 20_000,
    );
  } finally {
    stop.abort();
    await talking;
  }
}

test("who has no key is asked for one, and a wrong one is refused politely", { timeout: LONG }, async () => {
  ada = await openTab(browser, `${studio}/flows/${SMALL}`, { ...DESKTOP, colorScheme: "light" });
  const { page } = ada;
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await accessibilityFindings(page)).toEqual([]);
  await takeScreenshot(page, "sign-in");
  await signIn(page, "fg-a-key-nobody-has");
  await page.getByText("is not valid here").waitFor();
  await signIn(page, KEYS.ada);
  await decision(page, "promoted", first).waitFor();
});

test(
  "a change that breaks a file appears as refused, with file, line and remedy",
  { timeout: LONG },
  async () => {
    const { page } = ada;
    await flowgate.edit("flow.yaml", (text) => text.replace("coherence: {", "coherense: {"));
    expect((await flowgate.pushAndWait({ author: "Ben", message: "Ask for more" })).kind).toBe("refused");
    const why = page.getByRole("region", { name: "Why the last change was refused" });
    await why.getByText(/flow\.yaml:\d+:\d+/).waitFor();
    await why.getByText("Did you mean coherence?").waitFor();
    expect(await accessibilityFindings(page)).toEqual([]);
    await takeScreenshot(page, "refused");
    await flowgate.edit("flow.yaml", (text) => text.replace("coherense: {", "coherence: {"));
  },
);

test(
  "a worse edit is rejected, its run shows why, and a hostile row is text",
  { timeout: LONG },
  async () => {
    const { page } = ada;
    await flowgate.edit("chat.prompty", (text) =>
      text.replace(
        "Answer only from this.",
        `Answer only from this. ${"Be very thorough in all you say. ".repeat(120)}`,
      ),
    );
    const { version } = verdictOf(await flowgate.pushAndWait({ author: "Ben", message: "Be thorough" }));
    const rejected = decision(page, "rejected", version);
    await rejected.getByText("Be thorough").waitFor();
    await rejected.getByRole("link", { name: "Run" }).click();
    await page.getByRole("heading", { name: new RegExp(`${version} failed`) }).waitFor();
    const requirement = page.getByRole("row", { name: /failed: input_tokens max/ });
    expect(await requirement.textContent()).toContain("≤ 400");
    await requirement.getByRole("img", { name: /needed ≤ 400/ }).waitFor();
    // Which rows it were can be looked for.
    await page.getByRole("button", { name: "input_tokens" }).waitFor();

    await page.getByLabel("With these words").fill("img src");
    await page.getByRole("button", { name: "hostile" }).click();
    await page.getByRole("heading", { name: "Answer", exact: true }).waitFor();
    const shown = await page.getByText(HOSTILE).count();
    expect(shown).toBeGreaterThanOrEqual(2);
    expect(await page.locator("main img, main script").count()).toBe(0);
    expect(await page.title()).not.toContain("owned");
    expect(await page.textContent("body")).not.toContain("\u202E");
    expect(await accessibilityFindings(page)).toEqual([]);
    await takeScreenshot(page, "rejected");
    // The address holds what is chosen: whoever is sent it sees the same.
    const address = page.url();
    await page.reload();
    await page.getByRole("heading", { name: "Answer", exact: true }).waitFor();
    expect(page.url()).toBe(address);
  },
);

test("a better version becomes a canary, and is approved by keyboard alone", { timeout: LONG }, async () => {
  const { page } = ada;
  await flowgate.edit("chat.prompty", (text) =>
    // With a space that has no width at its end, which no reader would see.
    text.replace(/Answer only from this\..*/, "Answer from this alone.\u200B"),
  );
  better = verdictOf(await flowgate.pushAndWait({ author: "Ben", message: "Say it shorter" })).version;
  await openPage(page, "Release");
  await page.getByRole("heading", { name: `Rollout of ${better}` }).waitFor();
  await page.getByRole("list", { name: "Steps of the rollout" }).getByText("50 %").waitFor();
  // A reader says what comes into a region that is there, and nothing of one that comes with its text.
  const said = await page.locator(".release-now [role=status]").first().elementHandle();
  await talkUntil("approval");
  const approve = page.getByRole("button", { name: "Approve" });
  await approve.waitFor();
  expect(await said?.textContent()).toMatch(/approval|approve/);
  await page.getByRole("img", { name: /^Sessions over time/ }).waitFor();
  expect(await accessibilityFindings(page)).toEqual([]);
  await takeScreenshot(page, "canary");

  await tabTo(page, "Approve");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Approve?" });
  await dialog.waitFor();
  await page.keyboard.press("Tab");
  await tabTo(page, "Approve");
  await page.keyboard.press("Enter");
  await dialog.getByText("Say why").waitFor();
  expect(await accessibilityFindings(page)).toEqual([]);
  await takeScreenshot(page, "dialog");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.type("Read twenty answers");
  await page.keyboard.press("Tab");
  await tabTo(page, "Approve");
  await page.keyboard.press("Enter");
  await decision(page, "resumed", "ada: Approved: Read twenty answers").waitFor();
  await decision(page, "promoted", better).waitFor();
  // The button is gone; what it did has the focus, and not the page's beginning.
  expect(await page.evaluate("document.activeElement?.textContent")).toMatch(/^Done: /);
});

/** Goes on by Tab until the button has the focus, as who has no mouse does. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let press = 0; press < 60; press += 1) {
    const focused = await page.evaluate("document.activeElement?.textContent ?? ''");
    if (focused === name) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`The button ${name} was not reached by Tab.`);
}

test("two versions are compared: prompt, metrics and rows", { timeout: LONG }, async () => {
  const { page } = ada;
  await openPage(page, "Compare");
  await expect.poll(() => new URL(page.url()).search).toBe(`?before=${first}&after=${better}`);
  await page.getByLabel("After", { exact: true }).selectOption(better);
  await page.getByLabel("Before", { exact: true }).selectOption(first);
  await page.getByText("Answer from this alone.").waitFor();
  expect(await page.locator("mark").allTextContents()).toEqual(["⟨U+200B zero-width space⟩"]);
  await page.getByRole("heading", { name: /On the 3 rows of suite/ }).waitFor();
  expect(await page.getByRole("row", { name: /input_tokens mean/ }).count()).toBe(1);
  expect(page.url()).toContain(`before=${first}`);
  expect(await accessibilityFindings(page)).toEqual([]);
  await takeScreenshot(page, "compare");
});

test("a click on what has changed meanwhile does nothing and says so", { timeout: LONG }, async () => {
  const { page } = ada;
  await openPage(page, "Release");
  await page.getByRole("button", { name: "Roll back" }).click();
  const { release } = await flowgate.api.flow(SMALL);
  await flowgate.api.command(SMALL, "stop", {
    generation: release?.generation,
    reason: "An alarm",
    actor: "cleo",
  });
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("I do not like it");
  await dialog.getByRole("button", { name: "Roll back" }).click();
  await dialog.getByText("Nothing was done.").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByText(/Stopped by .*: An alarm/).waitFor();
  // What answers nobody is nowhere said to serve.
  expect(await page.getByText("Production serves", { exact: true }).count()).toBe(0);
  await openPage(page, "History");
  await page.getByRole("region", { name: "Production serves nobody" }).getByText(better).waitFor();
  await openPage(page, "Release");
  expect((await flowgate.api.flow(SMALL)).release?.stable?.version).toBe(better);
  await page.getByRole("button", { name: "Serve again" }).click();
  await dialog.getByLabel("Reason").fill("It was a false alarm");
  // It is done, and its reply is lost.
  const lose = async (route: Route): Promise<void> => {
    await route.fetch();
    await route.abort();
  };
  await page.route("**/serve", lose, { times: 1 });
  await dialog.getByRole("button", { name: "Serve again" }).click();
  await dialog.getByText("Whether it was done is not known").waitFor();
  await dialog.getByRole("button", { name: "Serve again" }).click();
  await dialog.waitFor({ state: "hidden" });
  await decision(page, "serving again", "false alarm").waitFor();
  const { entries } = await flowgate.api.history(SMALL, 5);
  expect(entries.filter(({ kind }) => kind === "served_again")).toHaveLength(1);
  // The refusal and the lost reply that were meant to be.
  expect(ada.problems.filter((problem) => !/status of (401|409)|ERR_FAILED/.test(problem))).toEqual([]);
});

test("on a phone in the dark the version before is put back, with a reason", { timeout: LONG }, async () => {
  await using tab = await openTab(browser, `${studio}/flows/${SMALL}/release`, {
    ...PHONE,
    colorScheme: "dark",
  });
  const { page } = tab;
  await signIn(page, KEYS.ada);
  await page.getByRole("button", { name: "Roll back" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("Customers ask for the longer answer");
  await expectNoOverflow(page);
  await takeScreenshot(page, "rollback-phone-dark");
  await dialog.getByRole("button", { name: "Roll back" }).click();
  await decision(page, "rolled back", "ada: Customers ask for the longer answer").waitFor();
  expect((await flowgate.api.flow(SMALL)).release?.stable?.version).toBe(first);
});

test("every page is sound in the dark, and on a phone", { timeout: LONG }, async () => {
  const { entries } = await flowgate.api.history(SMALL, 20);
  const { run } = entries.find(({ version, run }) => version === better && run !== undefined) ?? {};
  const pages: Record<string, [path: string, heading: RegExp]> = {
    flows: ["", /^Flows$/],
    history: [`/flows/${SMALL}`, /^History$/],
    run: [`/flows/${SMALL}/runs/${run}`, /^Rows$/],
    release: [`/flows/${SMALL}/release`, /^Latest decisions$/],
    comparison: [`/flows/${SMALL}/compare?before=${first}&after=${better}`, /^What judges differently$/],
    review: [`/flows/${SMALL}/review`, /^Where judges/],
    nothing: ["/no/such/page", /no such page/],
  };
  const looks = { "wide-dark": { ...WIDE, colorScheme: "dark" }, phone: PHONE } as const;
  for (const [look, options] of Object.entries(looks)) {
    await using tab = await openTab(browser, studio, options);
    const { page } = tab;
    await signIn(page, KEYS.ada);
    for (const [name, [path, heading]] of Object.entries(pages)) {
      await page.goto(studio + path);
      await page.getByRole("heading", { name: heading }).waitFor();
      if (name === "run") await page.getByText("production’s on the same rows").waitFor();
      expect([name, look, await accessibilityFindings(page)]).toEqual([name, look, []]);
      await expectNoOverflow(page);
      await takeScreenshot(page, `${name}-${look}`);
    }
    expect(tab.problems.filter((problem) => !problem.includes("status of 401"))).toEqual([]);
  }
});

test("a reader sees everything but what would be refused", { timeout: LONG }, async () => {
  await using tab = await openTab(browser, `${studio}/flows/${SMALL}/release`);
  const { page } = tab;
  await signIn(page, KEYS.rhea);
  await decision(page, "rolled back").waitFor();
  await page.getByText("rhea", { exact: false }).first().waitFor();
  for (const name of ["Roll back", "Stop the flow", "Promote anyway"]) {
    expect(await page.getByRole("button", { name }).count()).toBe(0);
  }
  expect(await page.getByRole("link", { name: "Review" }).count()).toBe(0);
  await page.goto(`${studio}/flows/${SMALL}/review`);
  await page.getByRole("heading", { name: "This is not for you" }).waitFor();
});

test(
  "an open page says that the connection is lost, and goes on once the platform is back",
  { timeout: LONG },
  async () => {
    const { page } = ada;
    await openPage(page, "History");
    await decision(page, "rolled back").waitFor();
    const lost = page.getByText("Connection lost, trying again.");
    await flowgate.restart(lost.waitFor());
    await lost.waitFor({ state: "hidden" });
    const { release } = await flowgate.api.flow(SMALL);
    await flowgate.api.command(SMALL, "stop", {
      generation: release?.generation,
      reason: "A drill",
      actor: "cleo",
    });
    await decision(page, "stopped", "A drill").waitFor();
    expect(await lost.count()).toBe(0);
    await ada[Symbol.asyncDispose]();
  },
);
