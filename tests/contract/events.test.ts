import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startTopic } from "../../local/events/topic.ts";
import { createEvents } from "../../shared/adapters/azure/events.ts";
import { PermanentError, RetryLaterError } from "../../shared/errors.ts";
import type { FlowgateEvent } from "../../shared/ports/events.ts";
import { startFaultProxy } from "./fault-proxy.ts";

const EVENT: FlowgateEvent = {
  id: "shop:7:promoted",
  type: "Flowgate.Promoted",
  subject: "flows/shop",
  time: new Date("2026-11-22T10:00:00Z"),
  data: { version: "3f9a1c2e8b04", reason: "every requirement holds" },
};

async function setUp() {
  const folder = await mkdtemp(join(tmpdir(), "flowgate-topic-"));
  const topic = await startTopic({ folder });
  const proxy = await startFaultProxy(Number(new URL(topic.endpoint).port));
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]();
    await topic.close();
    await rm(folder, { recursive: true, force: true });
  });
  const endpoint = topic.endpoint.replace(new URL(topic.endpoint).port, String(proxy.port));
  return { topic, proxy, endpoint };
}

test("an event reaches the topic with the id, type, subject, time and data it was given", async () => {
  const { topic, proxy, endpoint } = await setUp();
  await createEvents({ endpoint, key: topic.key }).publish(EVENT);
  expect(topic.events()).toMatchObject([
    {
      id: "shop:7:promoted",
      eventType: "Flowgate.Promoted",
      subject: "flows/shop",
      data: { version: "3f9a1c2e8b04", reason: "every requirement holds" },
    },
  ]);
  expect(new Date(String(topic.events()[0]?.eventTime))).toEqual(EVENT.time);
  expect(proxy.requests).toHaveLength(1);
});

test("an event whose reply was lost is published again under the same id", async () => {
  const { topic, proxy, endpoint } = await setUp();
  proxy.faults.push({ kind: "lose-reply" });
  await createEvents({ endpoint, key: topic.key }).publish(EVENT);
  expect(topic.events().map((event) => event.id)).toEqual([EVENT.id, EVENT.id]);
});

test("a topic that stays down is for later, a wrong key is not", async () => {
  const { topic, proxy, endpoint } = await setUp();
  const down = { kind: "answer", status: 503, code: "ServiceUnavailable" } as const;
  proxy.faults.push(down, down, down, down, down);
  await expect(createEvents({ endpoint, key: topic.key }).publish(EVENT)).rejects.toBeInstanceOf(
    RetryLaterError,
  );
  const wrong = Buffer.from("wrong").toString("base64");
  await expect(createEvents({ endpoint, key: wrong }).publish(EVENT)).rejects.toBeInstanceOf(PermanentError);
});

test("without a topic publishing does nothing", async () => {
  await expect(createEvents(undefined).publish(EVENT)).resolves.toBeUndefined();
});
