import { execFile } from "node:child_process";
import { appendFile, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RowProposal } from "../../shared/model/monitored-turn.ts";
import { makeScratchFlows, SMALL, type ScratchFlows } from "./scratch-flows.ts";
import { startTestPlatform, verdictOf, type TestPlatform } from "./test-platform.ts";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const LONG = 300_000;
const SESSION = "ada's session";

let scratch: ScratchFlows;
let flowgate: TestPlatform;
let client: OpenAI;

beforeAll(async () => {
  scratch = await makeScratchFlows();
  await appendFile(path.join(scratch.small, "flow.yaml"), "monitoring: { sample: 100% }\n");
  flowgate = await startTestPlatform({ flow: SMALL, flowFolder: scratch.small });
  verdictOf(await flowgate.pushAndWait());
  client = new OpenAI({ baseURL: `${flowgate.platform.host.url}/v1`, apiKey: "any", maxRetries: 0 });
}, LONG);
afterAll(async () => {
  await flowgate[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

/** One turn, streamed; its id and its text. */
async function ask(question: string): Promise<{ id: string; answer: string }> {
  const stream = await client.chat.completions.create({
    model: SMALL,
    messages: [{ role: "user", content: question }],
    user: SESSION,
    stream: true,
  });
  let [id, answer] = ["", ""];
  for await (const chunk of stream) {
    id = chunk.id;
    answer += chunk.choices[0]?.delta.content ?? "";
  }
  return { id, answer };
}

async function say(said: object): Promise<number> {
  const response = await fetch(`${flowgate.platform.host.url}/api/feedback`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ flow: SMALL, session: SESSION, rating: "down", ...said }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** All that is kept of the traffic, as text, by kind. */
async function kept(kind: string): Promise<string> {
  let text = "";
  for await (const { name } of flowgate.store.list("traffic", `${SMALL}/${kind}/`)) {
    text += (await flowgate.store.read("traffic", name))?.body.toString() ?? "";
  }
  return text;
}

async function flowgateCommand(...words: string[]): Promise<string> {
  const { host, key, storage } = flowgate.platform.addresses;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(REPOSITORY, "cli/flowgate.mjs"), ...words],
    {
      env: { ...process.env, FLOWGATE_URL: host, FLOWGATE_KEY: key, AzureWebJobsStorage: storage },
      cwd: scratch.root,
    },
  );
  return stdout;
}

test(
  "a disliked turn becomes a row of the dataset, and the dataset's change a new suite for the same version",
  async () => {
    const question = "When does the shop close? I am ada@example.com.";
    // How many turns are kept is read in the background: at first none is.
    let turn = await ask(question);
    await expect
      .poll(
        async () => {
          turn = await ask(question);
          return kept("turns");
        },
        { timeout: 60_000, interval: 500 },
      )
      .toContain("[an e-mail address]");
    expect(await kept("turns")).not.toContain("example.com");
    const disliked = turn.id;

    expect(await say({ turn: disliked, session: "somebody else" })).toBe(404);
    expect(await say({ turn: disliked, comment: "That is wrong." })).toBe(200);
    expect(await say({ turn: disliked, comment: "That is wrong." })).toBe(200);
    let proposals: RowProposal[] = [];
    await expect
      .poll(async () => (proposals = (await flowgate.api.proposals(SMALL)).proposals).length, {
        timeout: 60_000,
        interval: 500,
      })
      .toBe(1);
    const [proposal] = proposals;
    expect(proposal).toMatchObject({
      why: [{ kind: "thumbs_down", comment: "That is wrong." }],
      row: {
        fields: { question: "When does the shop close? I am [an e-mail address]." },
        answer: turn.answer,
      },
    });
    await expect
      .poll(() => kept("rollups"), { timeout: 60_000, interval: 500 })
      .toMatch(/"thumbs_down":\["[0-9a-f]{16}"\]/);
    // Sampled turns were scored by the suite's evaluators.
    await expect.poll(() => kept("scores"), { timeout: 60_000, interval: 500 }).toContain('"coherence"');

    const before = (await flowgate.api.flow(SMALL)).change?.outcome;
    const words = ["--accept", proposal?.turn ?? "", "--ground-truth", "At 17.", "--push"];
    await flowgateCommand("review", flowgate.folder, ...words);
    const rows = (await readFile(path.join(flowgate.folder, "data.jsonl"), "utf8")).trim().split("\n");
    expect(rows).toHaveLength(3);
    expect(JSON.parse(rows[2] ?? "")).toMatchObject({
      question: "When does the shop close? I am [an e-mail address].",
      ground_truth: "At 17.",
    });
    const status = await flowgate.until(
      ({ change, run }) => change?.sequence === 2 && run?.state === "completed",
      "the new suite is run",
      LONG / 2,
    );
    const after = status.change?.outcome;
    if (before?.kind !== "accepted" || after?.kind !== "accepted") throw new Error("not accepted");
    expect(after.version).toBe(before.version);
    expect(after.suite).not.toBe(before.suite);
    expect((await flowgate.api.proposals(SMALL)).proposals).toEqual([]);
    expect(await kept("proposals")).not.toContain("shop close");
  },
  LONG,
);
