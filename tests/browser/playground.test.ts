import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProposalList } from "../../shared/model/monitored-turn.ts";
import { snapshotFiles, storeVersion } from "../../shared/registry/version-store.ts";
import { releaseDirectly } from "../e2e/release-directly.ts";
import { startScriptedUpstream } from "../e2e/scripted-upstream.ts";
import { startTestPlatform, type TestPlatform } from "../e2e/test-platform.ts";
import type { ModelServer } from "../shared/adapters/model-server.ts";
import { launchBrowser } from "./find-browser.ts";
import { NEW, OLD, seedLedger } from "./seed-traffic.ts";
import {
  accessibilityFindings,
  expectNoOverflow,
  openTab,
  PHONE,
  signIn,
  takeScreenshot,
  type Tab,
} from "./studio-pages.ts";

const FLOW = "shop";
const KEYS = {
  reader: "fg-the-key-of-a-reader",
  operator: "fg-the-key-of-an-operator",
  chat: "fg-the-key-of-a-client",
};
const NAMES: Record<string, string> = { reader: "Ben", operator: "Ada", chat: "Cleo" };
const HOSTILE = `<img src=x onerror="document.title='run'"><script>document.title = "run"</script>`;
const ARTICLES = [
  { id: "tent", title: "Skylark Duo Tent", content: "The Skylark Duo Tent weighs 1.9 kg." },
  { id: "stove", title: "Ember Stove", content: "The Ember Stove boils a litre of water in four minutes." },
];

function flowFiles(manner: string): Map<string, string> {
  return new Map([
    [
      "chat.prompty",
      `---
name: shop
inputs:
  question:
    type: string
  customer:
    type: string
    default: nobody
  tone:
    type: string
    enum: [plain, warm]
    default: plain
sample:
  customer: Amara
---
system:
You are ${manner}, and {{ tone }}. You speak with {{ customer }}. Answer from this:
${"Say nothing that is not in it.\n".repeat(30)}
{% for document in documents %}
{{ document.content }}
{% endfor %}

{% for turn in chat_history %}
{{ turn.role }}:
{{ turn.content }}
{% endfor %}

user:
{{ question }}
`,
    ],
    ["articles.jsonl", ARTICLES.map((article) => `${JSON.stringify(article)}\n`).join("")],
  ]);
}

let browser: Browser;
let upstream: ModelServer;
let flowgate: TestPlatform;
let address: string;

beforeAll(async () => {
  upstream = await startScriptedUpstream();
  const keys = Object.entries(KEYS).map(([role, key]) => {
    const sha256 = createHash("sha256").update(key).digest("hex");
    return [NAMES[role], { role, sha256 }];
  });
  [flowgate, browser] = await Promise.all([
    startTestPlatform({
      environment: {
        OPENAI_BASE_URL: upstream.baseUrl,
        OPENAI_API_KEY: "scripted",
        FLOWGATE_KEYS: JSON.stringify(Object.fromEntries(keys)),
      },
    }),
    launchBrowser(),
  ]);
  const search = {
    kind: "retrieve",
    source: "articles.jsonl",
    query: "{{ question }}",
    mode: "keyword",
  } as const;
  const definition = {
    name: FLOW,
    prompt: "chat.prompty",
    steps: [{ name: "documents", ...search, top: 1 }],
  };
  await releaseDirectly(flowgate.store, definition, flowFiles("brief"));
  const files = new Map([...flowFiles("thorough")].map(([path, text]) => [path, Buffer.from(text)]));
  const createdAt = new Date().toISOString();
  await storeVersion(
    flowgate.store,
    { flow: FLOW, id: NEW, definition, files: snapshotFiles(files), createdAt, commit: undefined },
    files,
  );
  await seedLedger(flowgate.store, FLOW, () => createdAt);
  address = `${flowgate.platform.host.url}/studio/flows/${FLOW}/playground`;
});
afterAll(async () => {
  await browser?.close();
  await flowgate?.[Symbol.asyncDispose]();
  await upstream?.[Symbol.asyncDispose]();
});

async function signedIn(
  role: keyof typeof KEYS,
  url: string,
  options: Parameters<typeof openTab>[2] = {},
): Promise<Tab> {
  const tab = await openTab(browser, url, options);
  await signIn(tab, KEYS[role]);
  return tab;
}

async function ask(page: Page, question: string): Promise<void> {
  await page.getByLabel("Question").fill(question);
  await page.keyboard.press("Enter");
}

function focused(page: Page): Promise<string> {
  return page.evaluate("document.activeElement?.textContent ?? ''");
}

test("two versions answer the same question, each shows what it was sent, and a turn becomes a row", async () => {
  await using tab = await signedIn("operator", address);
  const { page } = tab;
  await page.getByLabel("Beside it").selectOption(NEW);
  // The version that one did not choose oneself is in the address too.
  await expect.poll(() => new URL(page.url()).searchParams.get("left")).toBe(OLD);
  await expect.poll(() => page.getByLabel("customer").inputValue()).toBe("Amara");
  await page.getByLabel("tone").selectOption("warm");
  await ask(page, "How heavy is the Skylark tent?");
  const first = page.getByRole("region", { name: "Turn 1", exact: true });
  const old = first.getByRole("region", { name: `by ${OLD}` });
  const fresh = first.getByRole("region", { name: `by ${NEW}` });
  for (const answer of [old, fresh]) {
    await answer.getByText("You asked: How heavy is the Skylark tent?").waitFor();
    await answer.getByText("30 in, 9 out").waitFor();
  }
  await fresh.getByText(/What the model was sent/).click();
  await fresh.getByText("You are thorough, and warm. You speak with Amara.").waitFor();
  await fresh.getByText("What the steps found: 1 document").click();
  await fresh.getByText("Skylark Duo Tent", { exact: true }).waitFor();

  await ask(page, HOSTILE);
  const second = page.getByRole("region", { name: "Turn 2", exact: true });
  await second.getByText(`You asked: ${HOSTILE}`).first().waitFor();
  await second.getByText("30 in, 9 out").nth(1).waitFor();
  expect(await page.title()).not.toBe("run");
  const sent = upstream.requests
    .map(({ body }) => JSON.stringify(body))
    .findLast((body) => body.includes("brief"));
  expect(sent).toContain('{"role":"assistant","content":"You asked: How heavy is the Skylark tent?"}');

  const hostile = second.getByRole("region", { name: `by ${OLD}` });
  await hostile.getByText("Save as a dataset row").click();
  await hostile.getByLabel("What would have been right").fill("1.9 kg");
  await hostile.getByLabel("Why it is worth a row").fill("hostile");
  expect(await accessibilityFindings(page)).toEqual([]);
  await takeScreenshot(page, "playground");
  await page.getByRole("button", { name: "Propose it" }).click();
  await page.getByText("Proposed as a row").waitFor();
  expect(await focused(page)).toContain("Proposed as a row");
  const reply = await fetch(`${flowgate.platform.host.url}/api/flows/${FLOW}/review`, {
    headers: { authorization: `Bearer ${KEYS.operator}` },
  });
  const { proposals } = (await reply.json()) as ProposalList;
  expect(proposals).toMatchObject([
    {
      version: OLD,
      why: [{ kind: "person", by: "key:Ada", note: "hostile" }],
      row: {
        fields: {
          question: HOSTILE,
          customer: "Amara",
          tone: "warm",
          ground_truth: "1.9 kg",
          chat_history: [
            { role: "user", content: "How heavy is the Skylark tent?" },
            { role: "assistant", content: "You asked: How heavy is the Skylark tent?" },
          ],
        },
      },
    },
  ]);
  expect(tab.problems).toEqual([]);
});

test("of turns that wait one becomes a row as it was asked, which a reload keeps, and another is dropped", async () => {
  const turn = Math.floor(Date.now() / 1000).toString(16) + "0".repeat(24);
  const asked = "Does \u202Eit\u202C float?";
  const proposed = await fetch(`${flowgate.platform.host.url}/api/flows/${FLOW}/review/${turn}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${KEYS.operator}`, "content-type": "application/json" },
    body: JSON.stringify({ version: OLD, fields: { question: asked }, answer: "No.", actor: "Ada" }),
  });
  expect(proposed.status).toBe(200);
  await using tab = await signedIn("operator", address.replace(/playground$/, "review"));
  const { page } = tab;
  page.on("dialog", (dialog) => void dialog.accept());
  await page.getByText("2 in all, oldest first.").waitFor();
  expect(await page.textContent("main")).not.toContain("\u202E");
  expect(await accessibilityFindings(page)).toEqual([]);
  const floats = page.getByRole("article").filter({ hasText: "Does it float?" });
  await floats.getByLabel("Expected answer").fill("It sinks.");
  await floats.getByRole("button", { name: "Accept as a row" }).click();
  await expect.poll(() => focused(page)).toBe("“Does it float?” was accepted as a row.");
  await floats.waitFor({ state: "detached" });

  const other = page.getByRole("article");
  await other.getByRole("button", { name: "Drop" }).click();
  await page.getByText("Nothing is proposed.").waitFor();
  expect(await focused(page)).toMatch(/was dropped\.$/);
  await page.reload();
  const rows = page.getByRole("region", { name: "Accepted rows" });
  await expect.poll(() => rows.textContent()).toContain('"It sinks."');
  expect(await rows.textContent()).not.toContain("img src");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as a file" }).click(),
  ]);
  expect(await readFile(await download.path(), "utf8")).toContain(JSON.stringify(asked));
  expect(await accessibilityFindings(page)).toEqual([]);
  // What serves here was released without a run.
  expect(tab.problems.filter((problem) => !problem.includes("status of 404"))).toEqual([]);
});

test("an address brings the versions, the question and the inputs along, on a phone in the dark", async () => {
  const shared = `${address}?left=${NEW}&question=Is+it+light%3F&input.customer=Ben`;
  await using tab = await signedIn("operator", shared, { ...PHONE, colorScheme: "dark" });
  const { page } = tab;
  expect(await page.getByLabel("Question").inputValue()).toBe("Is it light?");
  await expect.poll(() => page.getByLabel("customer").inputValue()).toBe("Ben");
  await page.getByRole("button", { name: "Ask" }).click();
  const answer = page.getByRole("region", { name: `by ${NEW}` });
  await answer.getByText("You asked: Is it light?").waitFor();
  await answer.getByText("30 in, 9 out").waitFor();
  expect(new URL(page.url()).searchParams.get("question")).toBe("Is it light?");
  await expectNoOverflow(page);
  expect(await accessibilityFindings(page)).toEqual([]);
  await takeScreenshot(page, "playground-phone-dark");
  expect(tab.problems).toEqual([]);
});

test("an answer that goes on for ever is stopped, and what had come of it stays", async () => {
  await using tab = await signedIn("operator", address);
  const { page } = tab;
  await page.getByLabel("customer").waitFor();
  await ask(page, "stall here");
  const answer = page.getByRole("region", { name: `by ${OLD}` });
  await answer.getByText("You asked: stall here").waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await answer.getByText("stopped", { exact: true }).waitFor();
  expect(await answer.textContent()).toContain("You asked: stall here");
  const request = upstream.requests.findLast(({ body }) => JSON.stringify(body).includes("stall here"));
  await request?.left;
  await page.getByRole("button", { name: "New conversation" }).click();
  expect(await answer.count()).toBe(0);
  expect(tab.problems).toEqual([]);
});

test("a reader is told why there is no playground for them, and finds no way to it", async () => {
  await using tab = await signedIn("reader", address);
  const { page } = tab;
  await page.getByRole("heading", { name: "The playground is for operators" }).waitFor();
  await page.getByRole("link", { name: "Traffic" }).waitFor();
  expect(await page.getByRole("link", { name: "Playground" }).count()).toBe(0);
  expect(await accessibilityFindings(page)).toEqual([]);

  // Who may only chat would be refused by every page.
  await using client = await signedIn("chat", address);
  await client.page.getByRole("heading", { name: "The playground is for operators" }).waitFor();
  const tabs = client.page.getByRole("navigation", { name: `Pages of ${FLOW}` }).getByRole("link");
  await expect.poll(() => tabs.count()).toBe(0);
});
