import { createEvents } from "../shared/adapters/azure/events.ts";
import { createQueueWatch } from "../shared/adapters/azure/queue-watch.ts";
import { createDiskSpool } from "../shared/adapters/disk-spool.ts";
import { makeJudge } from "../shared/evaluators/make-judge.ts";
import { createOneAtATime } from "../shared/one-at-a-time.ts";
import type { CallContext } from "../shared/ports/chat-model.ts";
import type { QueueWatch } from "../shared/ports/queue-watch.ts";
import type { Telemetry } from "../shared/ports/telemetry.ts";
import { createSpendStore } from "../shared/registry/spend-store.ts";
import type { DecideDependencies } from "../pipelines/decide/complete-run.ts";
import type { EvaluateDependencies } from "../pipelines/evaluate/evaluate-dependencies.ts";
import { createRowAdmission } from "../pipelines/evaluate/row-admission.ts";
import { createRunsUnderWay } from "../pipelines/evaluate/run-progress.ts";
import { createSpending } from "../pipelines/evaluate/spending.ts";
import type { IntakeDependencies } from "../pipelines/intake/intake-dependencies.ts";
import type { MonitorDependencies } from "../pipelines/monitor/monitor-dependencies.ts";
import { createTrafficReader, type ReadTraffic } from "../pipelines/monitor/read-traffic.ts";
import {
  createEvidenceReader,
  createRollupReader,
  type ReadRollups,
} from "../pipelines/release/read-evidence.ts";
import { createReleaseTicker, type TickReleases } from "../pipelines/release/release-ticker.ts";
import type { ReleaseDependencies } from "../pipelines/release/release-dependencies.ts";
import { type Services, services } from "./services.ts";

/** Rows under way for each call that may be: while one is judged, the next waits to be answered. */
const ROWS_A_CALL = 2;

/** The dependencies of every stage: a chat waits for none of what only the others need. */
export interface PipelineServices extends Services {
  intake: IntakeDependencies;
  evaluate: EvaluateDependencies;
  decide: DecideDependencies;
  release: ReleaseDependencies;
  tickReleases: TickReleases;
  readRollups: ReadRollups;
  monitor: MonitorDependencies;
  watch: { queueWatch: QueueWatch; telemetry: Telemetry };
  readTraffic: ReadTraffic;
}

let made: PipelineServices | undefined;

/** `services()` and what the stages behind a change need, made at the first use. */
export function pipelineServices(): PipelineServices {
  made ??= makeServices(services());
  return made;
}

function makeServices(shared: Services): PipelineServices {
  const { settings, store, queue, telemetry, clock, instance, answering } = shared;
  const { chatModel, contentSafety } = answering;
  const { prices } = settings;
  const events = createEvents(settings.eventGrid);
  const spends = createSpendStore(store, clock, instance);
  const models = {
    chat: `${settings.model.service}/${settings.model.chat}`,
    judge: `${settings.model.service}/${settings.model.judge}`,
    embedding: `${settings.model.service}/${settings.model.embedding}`,
    ...(contentSafety && { safety: contentSafety.name }),
  };
  const common = { store, queue, events, telemetry, clock };
  const readRollups = createRollupReader(store);
  const release = { ...common, readEvidence: createEvidenceReader(store, readRollups) };
  const scoring = {
    ...answering,
    models,
    judgeFor: (call: CallContext) => makeJudge(chatModel, settings.model.judge, call),
  };
  return {
    ...shared,
    intake: {
      ...common,
      spool: createDiskSpool(),
      oneAtATime: createOneAtATime(),
      settleMs: settings.settleMs,
      judgeModel: models.judge,
      embeddingModel: models.embedding,
      safetyService: contentSafety?.name,
      connections: Object.keys(settings.connections),
    },
    evaluate: {
      ...common,
      ...scoring,
      admission: createRowAdmission(ROWS_A_CALL * settings.model.concurrency),
      runs: createRunsUnderWay({ store, clock }),
      spending: createSpending({ spends, prices, dailyBudget: settings.dailyBudget, clock }),
    },
    decide: common,
    release,
    tickReleases: createReleaseTicker(release),
    readRollups,
    monitor: { ...scoring, store, telemetry, clock, traffic: shared.feedback.traffic, spends },
    watch: { queueWatch: createQueueWatch(settings.storage, clock), telemetry },
    readTraffic: createTrafficReader({ store, clock }),
  };
}
