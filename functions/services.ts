import { randomUUID } from "node:crypto";
import { createAuthenticator } from "../shared/adapters/authenticator.ts";
import { createChatModel } from "../shared/adapters/azure/chat-model.ts";
import { createBlobStore } from "../shared/adapters/azure/blob-store.ts";
import { createContentSafety } from "../shared/adapters/azure/content-safety.ts";
import { createEmbeddingModel } from "../shared/adapters/azure/embedding-model.ts";
import { createEvents } from "../shared/adapters/azure/events.ts";
import { createQueueWatch } from "../shared/adapters/azure/queue-watch.ts";
import { createQueue } from "../shared/adapters/azure/queue.ts";
import { createSearchIndex } from "../shared/adapters/azure/search-index.ts";
import { createTelemetry } from "../shared/adapters/azure/telemetry.ts";
import { createDiskSpool } from "../shared/adapters/disk-spool.ts";
import { createSystemClock } from "../shared/adapters/system-clock.ts";
import { SettingsError } from "../shared/errors.ts";
import { makeJudge } from "../shared/evaluators/make-judge.ts";
import { createOneAtATime } from "../shared/one-at-a-time.ts";
import type { Authenticator } from "../shared/ports/authenticator.ts";
import type { CallContext } from "../shared/ports/chat-model.ts";
import type { BlobStore } from "../shared/ports/blob-store.ts";
import type { QueueWatch } from "../shared/ports/queue-watch.ts";
import type { Telemetry } from "../shared/ports/telemetry.ts";
import { rememberManifests } from "../shared/registry/remember-manifests.ts";
import { createSpendLedgers } from "../shared/registry/spend-ledgers.ts";
import { createSpendStore } from "../shared/registry/spend-store.ts";
import { createVersionLoader } from "../shared/registry/version-loader.ts";
import { readSettings } from "../shared/settings.ts";
import type { Settings } from "../shared/settings.ts";
import type { ChatDependencies } from "../pipelines/chat/answer-chat.ts";
import { type CallerRate, createCallerRate } from "../pipelines/chat/caller-rate.ts";
import { createChatBudget } from "../pipelines/chat/chat-budget.ts";
import { createFlowCatalog } from "../pipelines/chat/flow-catalog.ts";
import { createTrafficRecorder } from "../pipelines/chat/record-traffic.ts";
import { createTurnSampler } from "../pipelines/chat/sample-turns.ts";
import type { FeedbackDependencies } from "../pipelines/chat/take-feedback.ts";
import type { TryDependencies } from "../pipelines/chat/try-version.ts";
import { createTurnNames } from "../pipelines/chat/turn-name.ts";
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

/** Rows under way for each call that may be: while one is judged, the next waits to be answered. */
const ROWS_A_CALL = 2;

/** The dependencies of every stage, made once a process from the settings. */
export interface Services {
  settings: Settings;
  authenticator: Authenticator;
  callerRate: CallerRate;
  store: BlobStore;
  telemetry: Telemetry;
  intake: IntakeDependencies;
  evaluate: EvaluateDependencies;
  decide: DecideDependencies;
  release: ReleaseDependencies;
  tickReleases: TickReleases;
  readRollups: ReadRollups;
  chat: ChatDependencies;
  trying: TryDependencies;
  feedback: FeedbackDependencies;
  monitor: MonitorDependencies;
  watch: { queueWatch: QueueWatch; telemetry: Telemetry };
  readTraffic: ReadTraffic;
}

let made: Services | undefined;

/** The composition root: settings -> adapters -> dependencies. Made at the first use, so that an import is cheap. */
export function services(): Services {
  made ??= makeServices(readSettings());
  return made;
}

function makeServices(settings: Settings): Services {
  if (!settings.storage) throw missing("AzureWebJobsStorage", "a storage account's connection string");
  if (!settings.model.connection) throw missing("AZURE_OPENAI_ENDPOINT or OPENAI_API_KEY", "a model");
  const clock = createSystemClock();
  const telemetry = createTelemetry(settings);
  const store = rememberManifests(createBlobStore(settings.storage));
  const queue = createQueue(settings.storage);
  const events = createEvents(settings.eventGrid);
  const chatModel = createChatModel(settings, telemetry, clock);
  const embeddingModel = createEmbeddingModel(settings, telemetry, clock);
  const searchIndex = createSearchIndex(settings.connections, telemetry, clock);
  const loadVersion = createVersionLoader({ store, embeddingModel });
  const catalog = createFlowCatalog({ store, loadVersion, clock });
  const instance = randomUUID();
  const traffic = createTrafficRecorder({ store, clock, instance });
  const turnNames = createTurnNames({ store });
  const sampler = createTurnSampler({ store, queue, clock, telemetry, instance });
  const spends = createSpendStore(store, clock, instance);
  const contentSafety =
    settings.contentSafety && createContentSafety(settings.contentSafety, telemetry, clock);
  const models = {
    chat: `${settings.model.service}/${settings.model.chat}`,
    judge: `${settings.model.service}/${settings.model.judge}`,
    embedding: `${settings.model.service}/${settings.model.embedding}`,
    ...(contentSafety && { safety: contentSafety.name }),
  };
  const { prices } = settings;
  const chatBudget = createChatBudget({
    budget: settings.chatBudget,
    prices,
    openLedger: createSpendLedgers(store, clock, instance),
    clock,
  });
  const common = { store, queue, events, telemetry, clock };
  const readRollups = createRollupReader(store);
  const release = { ...common, readEvidence: createEvidenceReader(store, readRollups) };
  const answering = { chatModel, embeddingModel, searchIndex, prices };
  const scoring = {
    ...answering,
    loadVersion,
    models,
    contentSafety,
    judgeFor: (call: CallContext) => makeJudge(chatModel, settings.model.judge, call),
  };
  return {
    settings,
    authenticator: createAuthenticator(settings.access, clock),
    callerRate: createCallerRate(settings.chatPerMinute, clock),
    store,
    telemetry,
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
    chat: {
      ...answering,
      budget: chatBudget,
      traffic,
      turnNames,
      sampler,
      catalog,
      contentSafety,
      telemetry,
      clock,
    },
    trying: { ...answering, loadVersion, budget: chatBudget, contentSafety, clock },
    feedback: { store, queue, clock, telemetry, traffic, turnNames },
    monitor: { ...scoring, store, telemetry, clock, traffic, spends },
    watch: { queueWatch: createQueueWatch(settings.storage, clock), telemetry },
    readTraffic: createTrafficReader({ store, clock }),
  };
}

function missing(variable: string, what: string): SettingsError {
  return new SettingsError(
    `${variable} is not set: Flowgate needs ${what}. See docs/settings.md; \`npm start\` sets everything up locally.`,
  );
}
