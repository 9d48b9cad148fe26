import { expect, test } from "vitest";
import { createProgressLine } from "../../cli/progress-line.ts";

function streamOf(isTTY: boolean): { isTTY: boolean; texts: string[]; write: (text: string) => void } {
  const texts: string[] = [];
  return { isTTY, texts, write: (text) => texts.push(text) };
}

const evaluating = {
  stage: "evaluating",
  version: "bbbbbbbbbbbb",
  rows: 64,
  shards: 40,
  estimate: undefined,
} as const;

test("on a terminal one line moves and is cleared at the end", () => {
  const stream = streamOf(true);
  const line = createProgressLine(stream, "shop");
  line.waiting({ ...evaluating, shardsDone: 20 });
  line.end();
  const bar = "█".repeat(12) + "░".repeat(12);
  const words = `Evaluating shop@bbbbbbbbbbbb on 64 rows ${bar} 20/40`;
  expect(stream.texts).toEqual([`\r\x1b[2K${words}`, "\r\x1b[2K"]);
});

test("the rows that are done move it before a shard is", () => {
  const stream = streamOf(true);
  createProgressLine(stream, "shop").waiting({ ...evaluating, shardsDone: 0, rowsDone: 16 });
  expect(stream.texts[0]).toContain(`${"█".repeat(6)}${"░".repeat(18)} 16/64`);
});

test("elsewhere each tenth is one line, and nothing moves", () => {
  const stream = streamOf(false);
  const line = createProgressLine(stream, "shop");
  for (let shardsDone = 0; shardsDone <= 40; shardsDone += 1) line.waiting({ ...evaluating, shardsDone });
  line.end();
  expect(stream.texts).toHaveLength(11);
  expect(stream.texts[3]).toBe("Evaluating shop@bbbbbbbbbbbb on 64 rows 30 %\n");
});

test("a push that is not read for half a minute points to the doctor, once", () => {
  const stream = streamOf(false);
  const line = createProgressLine(stream, "shop");
  for (const waitedMs of [0, 29_999, 30_000, 31_000]) line.waiting({ stage: "reading", waitedMs });
  expect(stream.texts.filter((text) => text.includes("flowgate doctor"))).toHaveLength(1);
  expect(stream.texts.at(0)).toBe("Waiting for the platform to read the push\n");
});

test("uploads are shown on a terminal only", () => {
  const [terminal, file] = [streamOf(true), streamOf(false)];
  for (const stream of [terminal, file]) createProgressLine(stream, "shop").pushing({ done: 3, total: 3 });
  expect(terminal.texts).toEqual([`\r\x1b[2KPushing shop ${"█".repeat(24)} 3/3`]);
  expect(file.texts).toEqual([]);
});

test("a run without shards has no share to divide by zero", () => {
  const stream = streamOf(false);
  createProgressLine(stream, "shop").waiting({ ...evaluating, shards: 0, shardsDone: 0 });
  expect(stream.texts[0]).toContain(" 0 %");
});

test("what a run takes at most is said once, before it moves", () => {
  const stream = streamOf(false);
  const line = createProgressLine(stream, "shop");
  const estimate = { calls: 1280, tokens: 412_000, cost: 0.0612, from: "lengths" } as const;
  for (const shardsDone of [0, 20]) line.waiting({ ...evaluating, estimate, shardsDone });
  expect(stream.texts).toHaveLength(3);
  expect(stream.texts[0]).toBe(
    "At most 1,280 model calls, about 412,000 tokens, $0.061 (by the length of prompts and rows)\n",
  );
});
