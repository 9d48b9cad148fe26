import { afterAll, beforeAll, expect, test } from "vitest";
import { startQueueService } from "./azurite-queue.ts";
import { startFixture, until } from "./fixture.ts";
import type { Fixture } from "./fixture.ts";

let service: Awaited<ReturnType<typeof startQueueService>>;
beforeAll(async () => {
  service = await startQueueService();
});
afterAll(() => service[Symbol.asyncDispose]());

interface TimerLine {
  running: number;
  timer: {
    isPastDue: boolean;
    schedule: { adjustForDST: boolean };
    scheduleStatus: { last: string; next: string; lastUpdated: string };
  };
}

function lines<T>(fixture: Fixture, word: string): T[] {
  return fixture.said(`${word} `).map((line) => JSON.parse(line.slice(word.length + 1)) as T);
}

test("a timer runs by its schedule from a setting, never twice at once, with Azure's timer object", async () => {
  const fixture = await startFixture(service.connectionString, {
    environment: { FIXTURE_SCHEDULE: "* * * * * *" },
  });
  await until(() => fixture.said("tick ").length >= 3);
  const ticks = lines<TimerLine>(fixture, "tick");
  expect(ticks.map((tick) => tick.running)).toEqual(ticks.map(() => 1));
  const { timer } = ticks[1]!;
  expect(timer.isPastDue).toBe(false);
  expect(timer.schedule).toEqual({ adjustForDST: true });
  const { last, next, lastUpdated } = timer.scheduleStatus;
  expect(Date.parse(last)).toBeLessThan(Date.parse(next));
  expect(Date.parse(lastUpdated)).toBeGreaterThanOrEqual(Date.parse(last));
});

test("runOnStartup runs once at the start, in one app process only", async () => {
  const fixture = await startFixture(service.connectionString, { workers: 2 });
  await until(() => fixture.said("at-start ").length === 1);
  expect((await fetch(`${fixture.host.url}/hooked`)).status).toBe(200);
  expect(fixture.said("at-start ").length).toBe(1);
});

test("an occurrence that was missed while the host was down runs at the next start as past due", async () => {
  const environment = { FIXTURE_SCHEDULE: "* * * * * *" };
  const first = await startFixture(service.connectionString, { environment });
  await until(() => first.said("tick ").length === 1);
  await first.host.close();
  await new Promise((resolve) => setTimeout(resolve, 2100));
  const second = await startFixture(service.connectionString, { environment, dataFolder: first.dataFolder });
  await until(() => second.said("tick ").length >= 2);
  const [missed, regular] = lines<TimerLine>(second, "tick");
  expect([missed!.timer.isPastDue, regular!.timer.isPastDue]).toEqual([true, false]);
});

test("Event Grid: the handshake is answered with the validation code", async () => {
  const { host } = await startFixture(service.connectionString);
  const answer = await fetch(
    `${host.url}/runtime/webhooks/eventgrid?functionName=topic&code=${host.keys.eventGrid}`,
    {
      method: "POST",
      headers: { "aeg-event-type": "SubscriptionValidation", "content-type": "application/json" },
      body: JSON.stringify([
        { eventType: "Microsoft.EventGrid.SubscriptionValidationEvent", data: { validationCode: "abc-123" } },
      ]),
    },
  );
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ validationResponse: "abc-123" });
});

test("Event Grid: 202 when every event was handled, 500 when one failed, 401 and 404 otherwise", async () => {
  const fixture = await startFixture(service.connectionString);
  const { url, keys } = fixture.host;
  const event = (id: string, eventType: string) => ({
    id,
    eventType,
    subject: "flows/a",
    eventTime: "2030-01-01T00:00:00Z",
    data: { number: 7 },
    dataVersion: "1",
  });
  async function deliver(body: unknown, query = `functionName=topic&code=${keys.master}`): Promise<number> {
    const headers = { "aeg-event-type": "Notification", "content-type": "application/json" };
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const answer = await fetch(`${url}/runtime/webhooks/eventgrid?${query}`, {
      method: "POST",
      headers,
      body: text,
    });
    return answer.status;
  }
  expect(await deliver([event("1", "Fixture.Good"), event("2", "Fixture.Good")])).toBe(202);
  const seen = lines<{ event: { id: string }; triggerMetadata: { data: unknown } }>(fixture, "event");
  expect(seen.map((line) => line.event.id).sort()).toEqual(["1", "2"]);
  expect(seen[0]!.triggerMetadata.data).toEqual({ number: 7 });
  expect(await deliver([event("3", "Fixture.Good"), event("4", "Fixture.Bad")])).toBe(500);
  expect(await deliver("no json")).toBe(400);
  expect(await deliver([], "functionName=topic&code=wrong")).toBe(401);
  expect(await deliver([], `functionName=topic&code=${keys.default}`)).toBe(401);
  expect(await deliver([], `functionName=hooked&code=${keys.eventGrid}`)).toBe(404);
});
