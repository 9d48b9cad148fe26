import { NotFoundError } from "../../shared/errors.ts";
import type { CompletionMessage, ReleaseMessage } from "../../shared/messages/queue-messages.ts";
import type { Report, Verdict } from "../../shared/model/run.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Events } from "../../shared/ports/events.ts";
import type { Queue } from "../../shared/ports/queue.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import { createJson, readJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { readSuite } from "../../shared/registry/version-store.ts";
import { decide } from "./decide.ts";
import { publishReport } from "./publish-report.ts";
import { recordRun } from "./record-run.ts";

export interface DecideDependencies {
  store: BlobStore;
  queue: Queue;
  events: Events;
  telemetry: Telemetry;
  clock: Clock;
}

/**
 * A run's report is there: decides on it, once, and hands the verdict to the release. Delivered twice, the first
 * verdict stands and is handed over again, which the release stage recognises.
 */
export async function completeRun(
  { flow, run }: CompletionMessage,
  dependencies: DecideDependencies,
): Promise<void> {
  const { store, queue, clock } = dependencies;
  const report = await readJson<Report>(store, "registry", registryPath.report(flow, run));
  if (!report) throw new NotFoundError(`Run ${run} of flow "${flow}" has no report.`);
  const suite = await readSuite(store, flow, report.value.run.suite);

  const decided = decide(report.value, suite.definition, clock.now().toISOString());
  const isFirst = await createJson(store, "registry", registryPath.verdict(flow, run), decided);
  const stored = isFirst
    ? decided
    : (await readJson<Verdict>(store, "registry", registryPath.verdict(flow, run)))?.value;
  const verdict = stored ?? decided;
  await publishReport(report.value, verdict, suite, store);
  if (isFirst) recordRun(report.value, verdict, dependencies);

  // First: what follows of a verdict does not wait for a topic that is down.
  if (verdict.purpose !== "proposal") {
    await queue.send("release-requests", { kind: "verdict", flow, run } satisfies ReleaseMessage);
  }
  await announce(report.value, verdict, dependencies);
}

async function announce(
  report: Report,
  verdict: Verdict,
  { events, clock }: DecideDependencies,
): Promise<void> {
  await events.publish({
    id: `${verdict.flow}-run-${verdict.run}`,
    type: "Flowgate.RunCompleted",
    subject: `flows/${verdict.flow}/runs/${verdict.run}`,
    time: clock.now(),
    data: {
      flow: verdict.flow,
      version: verdict.version,
      suite: verdict.suite,
      run: verdict.run,
      baseline: verdict.baseline,
      purpose: verdict.purpose,
      outcome: verdict.outcome,
      reasons: verdict.reasons,
      commit: report.run.commit,
    },
  });
}
