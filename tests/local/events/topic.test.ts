import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AzureKeyCredential, EventGridDeserializer, EventGridPublisherClient } from "@azure/eventgrid";
import { describe, expect, onTestFinished, test } from "vitest";
import type { EventGridEvent } from "../../../local/events/event-grid-event.ts";
import { startTopic, type Topic, type TopicOptions } from "../../../local/events/topic.ts";

async function openTopic(options: Partial<TopicOptions> = {}): Promise<{ topic: Topic; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "flowgate-topic-"));
  const topic = await startTopic({ folder, ...options });
  onTestFinished(async () => {
    await topic.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { topic, folder };
}

function clientOf(topic: Topic, key = topic.key): EventGridPublisherClient<"EventGrid"> {
  return new EventGridPublisherClient(topic.endpoint, "EventGrid", new AzureKeyCredential(key), {
    allowInsecureConnection: true,
    retryOptions: { maxRetries: 0 },
  });
}

const promoted = {
  id: "event-1",
  eventType: "Flowgate.Promoted",
  subject: "flows/contoso-chat",
  dataVersion: "1.0",
  data: { version: "3f9a1c2e8b04" },
};

interface Received {
  kind: string | undefined;
  name: string | undefined;
  events: EventGridEvent[];
}

/** A webhook that answers what `answer` says: a status, or "handshake" for the right answer to a validation. */
async function startWebhook(
  answer: (request: Received) => number | "handshake",
): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { "aeg-event-type": kind, "aeg-subscription-name": name } = request.headers;
    const asked: Received = {
      kind: String(kind),
      name: String(name),
      events: JSON.parse(Buffer.concat(chunks).toString("utf8")),
    };
    received.push(asked);
    const status = answer(asked);
    if (status !== "handshake") return response.writeHead(status).end();
    const sent = asked.events[0]?.data as { validationCode: string } | undefined;
    return response.end(JSON.stringify({ validationResponse: sent?.validationCode }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`, received };
}

describe("the topic", () => {
  test("takes events of the real client and forwards them so that the SDK reads them", async () => {
    const { topic, folder } = await openTopic();
    const received: EventGridEvent[] = [];
    await topic.subscribe((event) => received.push(event));
    await clientOf(topic).send([promoted]);

    expect(received).toMatchObject([{ ...promoted, metadataVersion: "1" }]);
    const read = await new EventGridDeserializer().deserializeEventGridEvents(JSON.stringify(received));
    expect(read).toMatchObject([{ ...promoted, eventTime: expect.any(Date) }]);
    expect(topic.events()).toEqual(received);
    const lines = readFileSync(join(folder, "events.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(received);
  });

  test("refuses another key, a body that is no event and a body over Azure's limit", async () => {
    const { topic } = await openTopic();
    await expect(clientOf(topic, "wrong").send([promoted])).rejects.toMatchObject({ statusCode: 401 });
    await expect(clientOf(topic).send([{ ...promoted, subject: "" }])).rejects.toMatchObject({
      statusCode: 400,
      message: expect.stringContaining("0.subject"),
    });
    await expect(clientOf(topic).send([{ ...promoted, topic: "/another" }])).rejects.toMatchObject({
      statusCode: 400,
    });
    const long = { ...promoted, data: { text: "x".repeat(1024 * 1024) } };
    await expect(clientOf(topic).send([long])).rejects.toMatchObject({ statusCode: 413 });
    expect(topic.events()).toEqual([]);
  });

  test("remembers the newest thousand", async () => {
    const { topic } = await openTopic();
    const batch = Array.from({ length: 600 }, (_, number) => ({ ...promoted, id: String(number) }));
    await clientOf(topic).send(batch);
    await clientOf(topic).send(batch);
    expect(topic.events()).toHaveLength(1000);
    expect(topic.events()[0]?.id).toBe("200");
  });

  test("keeps a subscriber that throws from the others and from the publisher", async () => {
    const { topic } = await openTopic();
    const received: string[] = [];
    await topic.subscribe(() => {
      throw new Error("broken");
    });
    const end = await topic.subscribe((event) => received.push(event.id));
    await clientOf(topic).send([promoted]);
    await end();
    await clientOf(topic).send([{ ...promoted, id: "event-2" }]);
    expect(received).toEqual(["event-1"]);
  });

  test("delivers to a webhook after the handshake, and again after a failure", async () => {
    const { topic } = await openTopic({ retry: { attempts: 3, timeToLiveMs: 60_000, delayMs: () => 1 } });
    let failures = 1;
    const webhook = await startWebhook(({ kind }) => {
      if (kind === "SubscriptionValidation") return "handshake";
      return failures-- > 0 ? 503 : 200;
    });
    await topic.subscribe({ name: "dashboard", url: webhook.url });
    await clientOf(topic).send([promoted]);
    await expect.poll(() => webhook.received).toHaveLength(3);
    expect(webhook.received.map((request) => request.kind)).toEqual([
      "SubscriptionValidation",
      "Notification",
      "Notification",
    ]);
    expect(webhook.received[2]).toMatchObject({ name: "DASHBOARD", events: [promoted] });
  });

  test("does not try a webhook again that refuses the event", async () => {
    const lines: string[] = [];
    const { topic } = await openTopic({ log: (line) => lines.push(line) });
    const webhook = await startWebhook(({ kind }) => (kind === "Notification" ? 400 : "handshake"));
    await topic.subscribe({ name: "dashboard", url: webhook.url });
    await clientOf(topic).send([promoted]);
    await expect.poll(() => lines).toHaveLength(1);
    expect(lines[0]).toContain("not delivered (attempt 1: the webhook answered 400)");
    expect(webhook.received).toHaveLength(2);
  });

  test("subscribes no webhook that does not pass the handshake", async () => {
    const { topic } = await openTopic();
    const webhook = await startWebhook(() => 200);
    await expect(topic.subscribe({ name: "dashboard", url: webhook.url })).rejects.toThrow(
      "The webhook dashboard did not pass the validation handshake: its answer does not hold the code.",
    );
    await expect(topic.subscribe({ name: "dashboard", url: "http://127.0.0.1:1/" })).rejects.toThrow(
      "did not pass the validation handshake",
    );
    await clientOf(topic).send([promoted]);
    expect(webhook.received).toHaveLength(1);
  });

  test("says which port is taken", async () => {
    const { topic } = await openTopic();
    const port = Number(new URL(topic.endpoint).port);
    await expect(openTopic({ port })).rejects.toThrow(
      `Port ${port} is taken, so the embedded Event Grid topic cannot start. Give another port.`,
    );
  });
});
