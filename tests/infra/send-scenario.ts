import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startTelemetrySink } from "../../local/telemetry/start-sink.ts";
import { envelopeSchema, type Envelope } from "../../local/telemetry/telemetry-row.ts";
import { createTelemetry } from "../../shared/adapters/azure/telemetry.ts";
import { emitScenario } from "./emit-scenario.ts";

/** What an envelope is of: `EventData flowgate.release`. */
export function kindOf({ data: { baseType, baseData } }: Envelope): string {
  return `${baseType} ${baseData.name ?? baseData.metrics?.[0]?.name ?? ""}`;
}

/** The envelopes that the real exporter sends of the scenario, as they arrive, without what it says of this machine. */
export async function sendScenario(): Promise<Envelope[]> {
  process.env["APPLICATION_INSIGHTS_NO_STATSBEAT"] = "1";
  const folder = await mkdtemp(path.join(tmpdir(), "flowgate-scenario-"));
  try {
    const sink = await startTelemetrySink({ folder });
    const telemetry = createTelemetry({
      telemetry: { connectionString: sink.connectionString },
      otlp: undefined,
    });
    await emitScenario(telemetry);
    await telemetry.flush(60_000);
    await sink.close();
    const files = await readdir(folder);
    const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), "utf8")));
    const lines = texts.flatMap((text) => text.split("\n").filter((line) => line !== ""));
    return lines
      .map((line) => envelopeSchema.parse(JSON.parse(line)))
      .filter((envelope) => kindOf(envelope) !== "MetricData _OTELRESOURCE_");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
