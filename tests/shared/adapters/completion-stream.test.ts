import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readCompletionStream, type StreamNews } from "../../../shared/adapters/azure/completion-stream.ts";
import { createContentScanner, type ContentScanner } from "../../../shared/adapters/azure/content-scanner.ts";
import { PiecewiseBody } from "../../../shared/adapters/response-body.ts";
import { computingTime } from "../computing-time.ts";

const HEAD = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "served" };

function chunk(content: string, more: object = {}): object {
  return {
    ...HEAD,
    choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }],
    ...more,
  };
}

/** The stream's news where it arrives in these pieces, all at once. */
async function newsOf(pieces: Buffer[]): Promise<StreamNews[]> {
  const body = emptyBody();
  for (const piece of pieces) body.push(piece);
  body.end();
  return newsIn(body);
}

/** As `newsOf`, each piece read before the next comes. */
async function newsOneByOne(pieces: Buffer[]): Promise<StreamNews[]> {
  const body = emptyBody();
  const fill = async (): Promise<void> => {
    for (const piece of pieces) {
      body.push(piece);
      await new Promise(setImmediate);
    }
    body.end();
  };
  const [news] = await Promise.all([newsIn(body), fill()]);
  return news;
}

function emptyBody(): PiecewiseBody {
  return new PiecewiseBody(
    () => {},
    () => {},
  );
}

async function newsIn(body: PiecewiseBody): Promise<StreamNews[]> {
  const read: StreamNews[] = [];
  for await (const news of readCompletionStream({ status: 200, statusText: "", headers: {}, body })) {
    read.push(...news);
  }
  return read;
}

function textOf(news: StreamNews[]): string[] {
  return news.map((item) => (typeof item === "string" ? item : (item.choices[0]?.delta.content ?? "")));
}

test("every text arrives as it was sent, however the bytes are cut and whatever letters it has", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "grapheme", maxLength: 20 }), { maxLength: 12 }),
      fc.array(fc.nat(4000), { maxLength: 12 }),
      fc.constantFrom("\n", "\r\n"),
      async (texts, cuts, end) => {
        const events = texts.map((text) => `data: ${JSON.stringify(chunk(text))}${end}${end}`).join("");
        const bytes = Buffer.from(`: a comment${end}${end}${events}data: [DONE]${end}${end}`);
        const places = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
        const pieces = places.slice(1).map((to, index) => bytes.subarray(places[index], to));
        expect(textOf(await newsOf(pieces))).toEqual(texts);
        expect(textOf(await newsOneByOne(pieces))).toEqual(texts);
      },
    ),
    { numRuns: 100 },
  );
});

test("chunks that differ in nothing but their text are not parsed, all others are", async () => {
  const events = [
    chunk("The "),
    chunk("tent"),
    chunk(' says "1.9 kg"\n'),
    chunk("", { usage: null }),
    { ...HEAD, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  ];
  const news = await newsOf(events.map((event) => Buffer.from(`data: ${JSON.stringify(event)}\n\n`)));
  expect(news.slice(0, 3)).toEqual([events[0], "tent", ' says "1.9 kg"\n']);
  expect(news.slice(3)).toEqual(events.slice(3));
});

test("a text that looks like the end of its chunk is read as the text it is", () => {
  const scanner = createContentScanner();
  const sly = '"},"logprobs":null,"finish_reason":"stop"}]}';
  scanner.learn(eventOf(chunk("first")), "first");
  expect(scanned(scanner, eventOf(chunk(sly)))).toEqual([sly]);
  expect(scanned(scanner, eventOf(chunk("\\")) + eventOf(chunk('\\"')))).toEqual(["\\", '\\"']);
  expect(scanned(scanner, eventOf(chunk("a")).replace('"a"', '"a","content":"b"'))).toEqual([]);
});

test("what is no JSON is not read as a text", () => {
  const scanner = createContentScanner();
  scanner.learn(eventOf(chunk("first")), "first");
  for (const broken of ["a\nb", "a\\qb", "a\u0000"]) {
    expect(scanned(scanner, eventOf(chunk("a")).replace('"a"', `"${broken}"`))).toEqual([]);
  }
});

test("an event with a second field of that name is no pattern: which one is the text is not known", () => {
  const scanner = createContentScanner();
  scanner.learn(eventOf(chunk("a", { cited: { content: "a" } })), "a");
  expect(scanned(scanner, eventOf(chunk("b", { cited: { content: "a" } })))).toEqual([]);
});

test("an event that comes line by line is read as one", async () => {
  const lines = ["event: chunk\n", "data: {\n", `data: ${JSON.stringify(chunk("a")).slice(1)}\n`, "\n"];
  expect(textOf(await newsOneByOne([...lines, ...lines].map((line) => Buffer.from(line))))).toEqual([
    "a",
    "a",
  ]);
});

test.each([
  { what: "a text of quotes", long: eventOf(chunk('"'.repeat(2_000_000))) },
  {
    what: "one of many lines",
    long: `${"data:   \n".repeat(400_000)}data: ${JSON.stringify(chunk("long"))}\n\n`,
  },
])("a long event that comes in small pieces is read in a moment: $what", async ({ long }) => {
  const bytes = Buffer.from(eventOf(chunk("a")) + long);
  const pieces = Array.from({ length: Math.ceil(bytes.length / 1_024) }, (_, index) =>
    bytes.subarray(index * 1_024, (index + 1) * 1_024),
  );
  const took = await computingTime(async () => expect(await newsOneByOne(pieces)).toHaveLength(2));
  // A minute and more where what has come is read again with each piece.
  expect(took).toBeLessThan(20_000);
});

test.each([
  { how: "in one line", line: "x".repeat(2 ** 20) },
  { how: "line by line", line: `data: ${"x".repeat(2 ** 20)}\n` },
])("an event without an end is given up $how", async ({ line }) => {
  const pieces = [eventOf(chunk("a")), ...Array.from({ length: 9 }, () => line)];
  const news = newsOneByOne(pieces.map((piece) => Buffer.from(piece)));
  await expect(news).rejects.toThrow("An event of the stream has no end.");
});

test("nothing of a stream outlives it, or a process would collect all of its memory several times a second", async () => {
  const script = path.join(import.meta.dirname, "read-streams.ts");
  const { stdout } = await promisify(execFile)(process.execPath, ["--max-semi-space-size=1", script]);
  // Some 200 bytes; 2,000 where bodies make their own generators.
  expect(Number(stdout)).toBeLessThan(1_000);
});

function eventOf(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

/** The texts that are read without parsing. */
function scanned(scanner: ContentScanner, text: string): unknown[] {
  const texts: unknown[] = [];
  scanner.readAll(text, 0, texts);
  return texts;
}
