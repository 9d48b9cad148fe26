import OpenAI, { NotFoundError } from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CONTOSO, startTestPlatform, verdictOf } from "./test-platform.ts";
import type { TestPlatform } from "./test-platform.ts";

let flowgate: TestPlatform;
let first: string;
let client: OpenAI;

beforeAll(async () => {
  flowgate = await startTestPlatform({ workers: 2 });
  first = verdictOf(await flowgate.pushAndWait()).version;
  client = new OpenAI({ baseURL: `${flowgate.platform.host.url}/v1`, apiKey: "any", maxRetries: 0 });
});
afterAll(() => flowgate[Symbol.asyncDispose]());

const messages = [{ role: "user" as const, content: "How much does the Skylark Duo Tent weigh?" }];
const metadata = { customerId: "1" };

test("a streamed answer has the same text as one that is not, names its version and ends with usage", async () => {
  const whole = await client.chat.completions.create({ model: CONTOSO, messages, metadata });
  const { data: stream, response } = await client.chat.completions
    .create({ model: CONTOSO, messages, metadata, stream: true, stream_options: { include_usage: true } })
    .withResponse();
  let text = "";
  let pieces = 0;
  let usage: OpenAI.CompletionUsage | null | undefined;
  for await (const chunk of stream) {
    expect(chunk.system_fingerprint).toBe(`${CONTOSO}@${first}`);
    text += chunk.choices[0]?.delta.content ?? "";
    if (chunk.choices[0]?.delta.content) pieces++;
    usage = chunk.usage ?? usage;
  }
  expect(response.headers.get("x-flowgate-version")).toBe(`${CONTOSO}@${first}`);
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  expect(pieces).toBeGreaterThan(1);
  expect(text).toBe(whole.choices[0]?.message.content);
  expect(usage).toEqual(whole.usage);
  expect(whole.system_fingerprint).toBe(`${CONTOSO}@${first}`);
});

test("earlier turns are understood", async () => {
  const reply = await client.chat.completions.create({
    model: CONTOSO,
    messages: [
      { role: "user", content: "How much does the Skylark Duo Tent weigh?" },
      { role: "assistant", content: "The Skylark Duo Tent weighs 1.9 kg." },
      { role: "user", content: "And what does it cost?" },
    ],
    metadata,
  });
  expect(reply.choices[0]?.message.content).toContain("289");
});

test("the list of models holds the flows in production, and an unknown one is a 404 that names them", async () => {
  const models = await client.models.list();
  expect(models.data.map(({ id }) => id)).toEqual([CONTOSO]);
  const refused = await client.chat.completions
    .create({ model: "nobody", messages })
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(NotFoundError);
  expect(String(refused)).toContain(CONTOSO);
});

test("a request that does not fit is a 400 in OpenAI's shape", async () => {
  const reply = await fetch(`${flowgate.platform.host.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: CONTOSO, messages: [] }),
  });
  expect(reply.status).toBe(400);
  expect(await reply.json()).toMatchObject({ error: { type: "invalid_request_error", param: "messages" } });
});

test("no request fails during a promotion, and every process goes over to the new version", async () => {
  await flowgate.edit("chat.prompty", (text) =>
    text.replace("at most four sentences", "at most two sentences"),
  );
  const stop = new AbortController();
  let begun = 0;
  const answers: { version: string; turn: number }[] = [];
  const talk = async (streamed: boolean): Promise<void> => {
    while (!stop.signal.aborted) {
      // Which version answers is settled when the request arrives, however long the answer takes.
      const turn = begun++;
      const request = { model: CONTOSO, messages, metadata };
      if (streamed) {
        const { data, response } = await client.chat.completions
          .create({ ...request, stream: true })
          .withResponse();
        let text = "";
        for await (const chunk of data) text += chunk.choices[0]?.delta.content ?? "";
        expect(text).toContain("1.9 kg");
        answers.push({ version: response.headers.get("x-flowgate-version") ?? "", turn });
      } else {
        const { data, response } = await client.chat.completions.create(request).withResponse();
        expect(data.choices[0]?.message.content).toContain("1.9 kg");
        answers.push({ version: response.headers.get("x-flowgate-version") ?? "", turn });
      }
    }
  };
  const talking = Promise.all([talk(false), talk(true), talk(false), talk(true)]);
  const verdict = verdictOf(await flowgate.pushAndWait());
  expect(verdict.outcome).toBe("pass");
  const next = `${CONTOSO}@${verdict.version}`;
  // As many turns in a row as a process that stays behind would hardly have none of. How soon, the catalog's own tests say.
  const latest = () => answers.toSorted((one, other) => one.turn - other.turn).slice(-24);
  const haveGoneOver = () => latest().every(({ version }) => version === next);
  const moment = () => Promise.race([talking, new Promise((resolve) => setTimeout(resolve, 20))]);
  for (const giveUp = performance.now() + 90_000; !haveGoneOver() && performance.now() < giveUp;) {
    await moment();
  }
  const after = begun;
  const late = () => answers.filter(({ turn }) => turn >= after).map(({ version }) => version);
  while (late().length <= 10) await moment();
  stop.abort();
  await talking;

  expect(answers.some(({ version }) => version === `${CONTOSO}@${first}`)).toBe(true);
  expect(new Set(late())).toEqual(new Set([next]));
});
