import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Sink, type SinkOptions, startTelemetrySink } from "../../../local/telemetry/start-sink.ts";
import { childEnvironment } from "../../../shared/settings.ts";

async function startSink(options: Partial<SinkOptions> = {}): Promise<{ sink: Sink; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "flowgate-telemetry-"));
  const sink = await startTelemetrySink({ folder, ...options });
  onTestFinished(async () => {
    await sink.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { sink, folder };
}

function eventEnvelope(name: string, properties: Record<string, string> = {}, time = new Date()): object {
  return {
    name: "Microsoft.ApplicationInsights.Event",
    time: time.toISOString(),
    iKey: "b5f4e7f0-0000-4000-8000-000000000000",
    tags: { "ai.operation.id": "1".repeat(32), "ai.cloud.role": "app" },
    data: { baseType: "EventData", baseData: { ver: 2, name, properties } },
  };
}

async function track(
  sink: Sink,
  body: string | Buffer<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${sink.url}/v2.1/track`, { method: "POST", body, headers });
  return { status: response.status, answer: await response.json() };
}

function linesIn(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((file) => readFileSync(join(folder, file), "utf8").trimEnd().split("\n"));
}

describe("the telemetry sink", () => {
  test("receives every span, the custom event, the metric and the exception of the real exporter", async () => {
    const { sink } = await startSink();
    const script = fileURLToPath(new URL("./emit-telemetry.ts", import.meta.url));
    await promisify(execFile)(process.execPath, [script, sink.connectionString, sink.url], {
      env: childEnvironment({ APPLICATION_INSIGHTS_NO_STATSBEAT: "1" }),
    });

    const spans = sink.query({ table: "dependencies", name: "chat gpt-4o-mini" });
    expect(spans).toHaveLength(50);
    expect(spans[0]?.customDimensions).toEqual({
      "gen_ai.request.model": "gpt-4o-mini",
      "flowgate.flow": "contoso-chat",
      number: "1",
    });
    expect(spans[0]).toMatchObject({ success: true, duration: expect.any(Number) });

    const [event] = sink.query({ table: "customEvents" });
    expect(event).toMatchObject({
      name: "gen_ai.evaluation.result",
      customDimensions: { "gen_ai.evaluation.score.value": "4.5" },
      operation_Id: spans[0]?.operation_Id,
      operation_ParentId: spans[0]?.id,
    });

    expect(sink.query({ table: "customMetrics", name: "gen_ai.client.token.usage" })).toMatchObject([
      {
        value: 40,
        valueCount: 2,
        valueMin: 10,
        valueMax: 30,
        customDimensions: { "flowgate.flow": "contoso-chat" },
      },
    ]);
    expect(sink.query({ table: "dependencies", name: "failing step" })).toMatchObject([{ success: false }]);
    expect(sink.query({ table: "exceptions" })).toMatchObject([{ name: "Error", message: "the step broke" }]);
  });

  test("takes arrays and lines of JSON, packed or not, on both versions of the path", async () => {
    const { sink } = await startSink();
    const packed = gzipSync(JSON.stringify([eventEnvelope("a"), eventEnvelope("b")]));
    expect(await track(sink, packed, { "content-encoding": "gzip" })).toEqual({
      status: 200,
      answer: { itemsReceived: 2, itemsAccepted: 2, errors: [] },
    });
    const lines = [eventEnvelope("c"), eventEnvelope("d")].map((line) => JSON.stringify(line)).join("\n");
    const older = await fetch(`${sink.url}/v2/track`, { method: "POST", body: lines });
    expect(older.status).toBe(200);
    expect(sink.query({ table: "customEvents" }).map((row) => row.name)).toEqual(["a", "b", "c", "d"]);
  });

  test("accepts the good items of a body and names the bad ones", async () => {
    const { sink } = await startSink();
    const body = [
      JSON.stringify(eventEnvelope("good")),
      "{ cut",
      '{"name":"no data","time":"2026-01-01"}',
    ].join("\n");
    expect(await track(sink, body)).toEqual({
      status: 206,
      answer: {
        itemsReceived: 3,
        itemsAccepted: 1,
        errors: [
          { index: 1, statusCode: 400, message: expect.stringContaining("no JSON") },
          { index: 2, statusCode: 400, message: expect.stringContaining("data") },
        ],
      },
    });
    expect(sink.query({}).map((row) => row.name)).toEqual(["good"]);
  });

  test("refuses a body of which nothing can be read", async () => {
    const { sink } = await startSink();
    expect(await track(sink, "nothing like it")).toMatchObject({ status: 400, answer: { itemsAccepted: 0 } });
    const notPacked = await track(sink, "plain", { "content-encoding": "gzip" });
    expect(notPacked).toMatchObject({ status: 400, answer: { itemsReceived: 0, itemsAccepted: 0 } });
    expect(sink.query({})).toEqual([]);
  });

  test("flattens durations to milliseconds and tells tables apart", async () => {
    const { sink } = await startSink();
    const time = new Date().toISOString();
    const baseData = {
      id: "1",
      name: "GET /",
      duration: "1.02:03:04.500",
      success: true,
      responseCode: "200",
    };
    await track(
      sink,
      JSON.stringify([
        { name: "Request", time, data: { baseType: "RequestData", baseData } },
        { name: "Message", time, data: { baseType: "MessageData", baseData: { message: "hello" } } },
      ]),
    );
    const dayInMs = 86_400_000;
    expect(sink.query({ table: "requests" })).toMatchObject([
      { name: "GET /", duration: dayInMs + 2 * 3_600_000 + 3 * 60_000 + 4500, resultCode: "200" },
    ]);
    expect(sink.query({ table: "traces" })).toMatchObject([{ message: "hello" }]);
  });

  test("answers queries by name, time and any condition", async () => {
    const { sink } = await startSink();
    const old = new Date("2026-01-01T00:00:00Z");
    await track(
      sink,
      JSON.stringify([
        eventEnvelope("run", { flow: "a" }, old),
        eventEnvelope("run", { flow: "b" }),
        eventEnvelope("other", { flow: "b" }),
      ]),
    );
    expect(sink.query({ name: "run" })).toHaveLength(2);
    expect(sink.query({ since: new Date("2026-01-02T00:00:00Z") })).toHaveLength(2);
    expect(sink.query({ where: (row) => row.customDimensions["flow"] === "a" })).toMatchObject([
      { timestamp: old.toISOString() },
    ]);
  });

  test("waits for what has not arrived yet, and says what there is when it never does", async () => {
    const { sink } = await startSink();
    const waiting = sink.waitFor((row) => row.name === "late", 60_000);
    await track(sink, JSON.stringify(eventEnvelope("late", { flow: "a" })));
    expect((await waiting).customDimensions).toEqual({ flow: "a" });
    await expect(sink.waitFor((row) => row.name === "never", 10)).rejects.toThrow(
      "No such telemetry within 10 ms. There is: customEvents/late.",
    );
  });

  test("keeps the newest envelopes in files of the day within its bound", async () => {
    const { sink, folder } = await startSink({ maxBytes: 8000 });
    for (let number = 0; number < 60; number += 1) {
      await track(sink, JSON.stringify(eventEnvelope(`event ${number}`)));
    }
    const lines = linesIn(folder);
    const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
    expect(bytes).toBeLessThanOrEqual(8000);
    expect(bytes).toBeGreaterThan(6000);
    const names = lines.map((line) => JSON.parse(line).data.baseData.name);
    expect(names).toEqual(Array.from({ length: lines.length }, (_, at) => `event ${60 - lines.length + at}`));
    for (const file of readdirSync(folder)) expect(file).toMatch(/^\d{4}-\d{2}-\d{2}\.\d{4}\.jsonl$/);
  });

  test("keeps adding to the files of an earlier start", async () => {
    const { sink, folder } = await startSink();
    await track(sink, JSON.stringify(eventEnvelope("before")));
    const again = await startTelemetrySink({ folder });
    onTestFinished(() => again.close());
    await track(again, JSON.stringify(eventEnvelope("after")));
    expect(linesIn(folder).map((line) => JSON.parse(line).data.baseData.name)).toEqual(["before", "after"]);
  });

  test("tells live metrics that nobody watches", async () => {
    const { sink } = await startSink();
    const ping = await fetch(`${sink.url}/QuickPulseService.svc/ping?ikey=x`, { method: "POST", body: "{}" });
    expect(ping.status).toBe(200);
    expect(ping.headers.get("x-ms-qps-subscribed")).toBe("false");
  });
});
