import { appendFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ShadowComparison } from "../../shared/model/shadow.ts";
import { makeScratchFlows, SMALL, type ScratchFlows } from "./scratch-flows.ts";
import { startTestPlatform, verdictOf, type TestPlatform } from "./test-platform.ts";

// A machine that does much else at the same time takes its time.
const LONG = 300_000;

let scratch: ScratchFlows;
let flowgate: TestPlatform;
let first: string;

beforeAll(async () => {
  scratch = await makeScratchFlows();
  const rollout =
    "rollout: { canary: [50%], minTime: 0s, shadow: { share: 100%, minTurns: 5, noWorseThan: 40% } }\n";
  await appendFile(path.join(scratch.small, "flow.yaml"), rollout);
  flowgate = await startTestPlatform({ flow: SMALL, flowFolder: scratch.small });
  first = verdictOf(await flowgate.pushAndWait()).version;
}, LONG);
afterAll(async () => {
  await flowgate[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

async function ask(session: string): Promise<string | null> {
  const reply = await fetch(`${flowgate.platform.host.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-flowgate-session": session },
    body: JSON.stringify({ model: SMALL, messages: [{ role: "user", content: "When does the shop open?" }] }),
  });
  await reply.text();
  return reply.headers.get("x-flowgate-version");
}

test(
  "a candidate answers real turns unseen, and the comparison lets it on to the canary's first step",
  async () => {
    const file = path.join(flowgate.folder, "chat.prompty");
    await writeFile(
      file,
      (await readFile(file, "utf8")).replace("Answer only from this.", "Answer from this."),
    );
    const second = verdictOf(await flowgate.pushAndWait()).version;
    expect(second).not.toBe(first);
    await flowgate.until(({ release }) => release?.canary?.step === 0, "the shadow begins", LONG / 4);

    const served = new Set<string | null>();
    let sessions = 0;
    await expect
      .poll(
        async () => {
          const { release } = await flowgate.api.flow(SMALL);
          if (release?.canary?.step === 0) served.add(await ask(`session ${sessions++}`));
          return release?.canary?.step;
        },
        { timeout: LONG / 2, interval: 500 },
      )
      .toBe(1);
    // The last answer may have come after the step.
    expect(served).toContain(`${SMALL}@${first}`);
    const compared: ShadowComparison["turns"] = [];
    for await (const { name } of flowgate.store.list("traffic", `${SMALL}/shadow/`)) {
      const blob = await flowgate.store.read("traffic", name);
      compared.push(...(JSON.parse(blob?.body.toString() ?? "") as ShadowComparison).turns);
    }
    expect(compared.length).toBeGreaterThanOrEqual(5);
    expect(compared.every(({ preference }) => preference === 0.5)).toBe(true);
    const { entries } = await flowgate.api.history(SMALL, 10);
    expect(entries.map(({ kind }) => kind)).toEqual(["canary_advanced", "canary_started", "promoted"]);
  },
  LONG,
);
