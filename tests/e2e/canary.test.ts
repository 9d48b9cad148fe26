import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FlowStatus } from "../../shared/model/status.ts";
import { makeScratchFlows, SMALL, type ScratchFlows } from "./scratch-flows.ts";
import { startTestPlatform, verdictOf, type TestPlatform } from "./test-platform.ts";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
// A machine that does much else at the same time takes its time.
const LONG = 300_000;

let scratch: ScratchFlows;
let flowgate: TestPlatform;
let first: string;
let sessions = 0;

beforeAll(async () => {
  scratch = await makeScratchFlows();
  const file = path.join(scratch.small, "flow.yaml");
  const rollout =
    "rollout: { canary: [30%, 60%], minSessions: 5, minTime: 0s, soak: 1s, approval: last, quiet: 10m }\n";
  await writeFile(file, (await readFile(file, "utf8")) + rollout);
  // The rows name a region, which no client sends.
  const rows = ["open", "close"].map((id) =>
    JSON.stringify({ id, question: `When does the shop ${id}?`, region: "north" }),
  );
  await writeFile(path.join(scratch.small, "data.jsonl"), `${rows.join("\n")}\n`);
  flowgate = await startTestPlatform({ flow: SMALL, flowFolder: scratch.small });
  first = verdictOf(await flowgate.pushAndWait()).version;
}, LONG);
afterAll(async () => {
  await flowgate[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

interface Answer {
  status: number;
  version: string | null;
  session: string | null;
}

async function ask(session?: string): Promise<Answer> {
  const reply = await fetch(`${flowgate.platform.host.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(session && { "x-flowgate-session": session }) },
    body: JSON.stringify({ model: SMALL, messages: [{ role: "user", content: "When does the shop open?" }] }),
  });
  await reply.text();
  const { headers, status } = reply;
  return { status, version: headers.get("x-flowgate-version"), session: headers.get("x-flowgate-session") };
}

/** Keeps new sessions coming until the release is as wanted. */
async function talkUntil(wanted: (status: FlowStatus) => boolean, what: string): Promise<FlowStatus> {
  const stop = new AbortController();
  const talking = (async () => {
    while (!stop.signal.aborted) {
      await ask(`session ${sessions++}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  try {
    return await flowgate.until(wanted, what, LONG - 20_000);
  } finally {
    stop.abort();
    await talking;
  }
}

async function command(...words: string[]): Promise<string> {
  const { host, key } = flowgate.platform.addresses;
  const environment = { ...process.env, FLOWGATE_URL: host, FLOWGATE_KEY: key };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(REPOSITORY, "cli/flowgate.mjs"), ...words],
    { env: environment, cwd: scratch.root },
  );
  return stdout;
}

test(
  "a better version gets its share of the sessions, and each session keeps its version",
  { timeout: LONG },
  async () => {
    await flowgate.edit("chat.prompty", (text) =>
      text.replace("Answer only from this.", "Answer from this alone."),
    );
    const result = await flowgate.pushAndWait();
    const { version } = verdictOf(result);
    expect(result).toMatchObject({ kind: "decided", served: false });
    await flowgate.until(({ release }) => release?.state === "canary", "the canary has started");

    // One after another, so that the canary is seen before it has the sessions to go on to its next step.
    for (const expected of [version, first]) {
      const next = async (): Promise<string | null> => (await ask(`somebody ${sessions++}`)).version;
      await expect.poll(next, { timeout: LONG / 4 }).toBe(`${SMALL}@${expected}`);
    }
    const again = await Promise.all([1, 2, 3, 4, 5].map(() => ask("ada")));
    expect(new Set(again.map((answer) => answer.version)).size).toBe(1);
    expect((await ask("ada")).session).toBe("ada");
    expect((await ask()).session).toMatch(/^[0-9a-f-]{36}$/);

    const { host, key } = flowgate.platform.addresses;
    const stale = await fetch(`${host}/api/flows/${SMALL}/pause`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-functions-key": key },
      body: JSON.stringify({ generation: 1, reason: "I looked long ago", actor: "Ada" }),
    });
    expect(stale.status).toBe(409);
    expect(await stale.json()).toMatchObject({
      error: { code: "conflict", message: expect.stringContaining("you saw 1") },
      release: { state: "canary", generation: 2, canary: { version } },
    });
  },
);

test(
  "it advances, asks for an approval, and is promoted when the command gives it",
  { timeout: LONG },
  async () => {
    const waiting = await talkUntil(
      ({ release }) => release?.rollout?.paused === "approval",
      "it asks for an approval",
    );
    expect(waiting.release).toMatchObject({
      state: "paused",
      canary: { weight: 0.6, step: 2 },
      stable: { version: first },
    });
    const candidate = waiting.release?.canary?.version ?? "";
    expect(await command("status", SMALL)).toContain("waits for an approval: step 2 of 2");
    await command("approve", SMALL, "--reason", "Answers are fine");
    const done = await talkUntil(({ release }) => release?.entry.kind === "succeeded", "it has soaked");
    expect(done.release).toMatchObject({
      state: "idle",
      stable: { version: candidate },
      previous: { version: first },
    });
    const history = await flowgate.api.history(SMALL, 50);
    expect(history.chainIntact).toBe(true);
    expect(history.entries.map(({ kind }) => kind).reverse()).toEqual([
      "promoted",
      "canary_started",
      "canary_advanced",
      "approval_required",
      "resumed",
      "promoting",
      "promoted",
      "succeeded",
    ]);
    first = candidate;
  },
);

test(
  "a version that asks for what no client sends passes its gate, fails its users and is taken back",
  { timeout: LONG },
  async () => {
    await flowgate.edit("chat.prompty", (text) =>
      text
        .replace("    type: string\n", "    type: string\n  region:\n    type: string\n    required: true\n")
        .replace("The shop opens", "In {{ region }} the shop opens"),
    );
    const { version, outcome } = verdictOf(await flowgate.pushAndWait());
    expect(outcome).toBe("pass");
    const { release } = await talkUntil(
      ({ release }) => release?.entry.kind === "rolled_back",
      "it is rolled back",
    );
    expect(release).toMatchObject({
      state: "idle",
      stable: { version: first },
      entry: { from: version, version: first },
    });
    const { entries } = await flowgate.api.history(SMALL, 2);
    expect(entries[1]).toMatchObject({
      kind: "aborting",
      reason: expect.stringMatching(/sessions had an error first, 0 of the others/),
    });
    await expect
      .poll(async () => (await Promise.all(["a", "b", "c"].map(ask))).map(({ status }) => status), {
        timeout: LONG / 4,
      })
      .toEqual([200, 200, 200]);
  },
);
