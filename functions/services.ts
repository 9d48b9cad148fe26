import { randomUUID } from "node:crypto";
import { createAuthenticator } from "../shared/adapters/authenticator.ts";
import { createChatModel } from "../shared/adapters/azure/chat-model.ts";
import { createBlobStore } from "../shared/adapters/azure/blob-store.ts";
import { createContentSafety } from "../shared/adapters/azure/content-safety.ts";
import { createEmbeddingModel } from "../shared/adapters/azure/embedding-model.ts";
import { createQueue } from "../shared/adapters/azure/queue.ts";
import { createSearchIndex } from "../shared/adapters/azure/search-index.ts";
import { createTelemetry } from "../shared/adapters/azure/telemetry.ts";
import { createSystemClock } from "../shared/adapters/system-clock.ts";
import { SettingsError } from "../shared/errors.ts";
import type { Authenticator } from "../shared/ports/authenticator.ts";
import type { ChatModel, EmbeddingModel } from "../shared/ports/chat-model.ts";
import type { ContentSafety } from "../shared/ports/content-safety.ts";
import type { SearchIndex } from "../shared/ports/search-index.ts";
import type { BlobStore } from "../shared/ports/blob-store.ts";
import type { Clock } from "../shared/ports/clock.ts";
import type { Queue } from "../shared/ports/queue.ts";
import type { Telemetry } from "../shared/ports/telemetry.ts";
import { rememberManifests } from "../shared/registry/remember-manifests.ts";
import { createSpendLedgers } from "../shared/registry/spend-ledgers.ts";
import { createVersionLoader, type LoadVersion } from "../shared/registry/version-loader.ts";
import { readSettings } from "../shared/settings.ts";
import type { Settings, StorageSettings } from "../shared/settings.ts";
import type { ChatDependencies } from "../pipelines/chat/answer-chat.ts";
import { type CallerRate, createCallerRate } from "../pipelines/chat/caller-rate.ts";
import { createChatBudget } from "../pipelines/chat/chat-budget.ts";
import { createFlowCatalog } from "../pipelines/chat/flow-catalog.ts";
import { createTrafficRecorder } from "../pipelines/chat/record-traffic.ts";
import { createTurnSampler } from "../pipelines/chat/sample-turns.ts";
import type { FeedbackDependencies } from "../pipelines/chat/take-feedback.ts";
import type { TryDependencies } from "../pipelines/chat/try-version.ts";
import { createTurnNames } from "../pipelines/chat/turn-name.ts";

/** What makes an answer, whoever asks for it. */
interface Answering {
  chatModel: ChatModel;
  embeddingModel: EmbeddingModel;
  searchIndex: SearchIndex;
  contentSafety: ContentSafety | undefined;
  loadVersion: LoadVersion;
  prices: Settings["prices"];
}

/** What an answer of production needs, and the other stages too (`pipeline-services.ts`); made once a process. */
export interface Services {
  settings: Settings & { storage: StorageSettings };
  /** This process's, among all that write of the same flows. */
  instance: string;
  authenticator: Authenticator;
  callerRate: CallerRate;
  store: BlobStore;
  queue: Queue;
  telemetry: Telemetry;
  clock: Clock;
  answering: Answering;
  chat: ChatDependencies;
  trying: TryDependencies;
  feedback: FeedbackDependencies;
}

let made: Services | undefined;

/** The composition root: settings -> adapters -> dependencies. Made at the first use, so that an import is cheap. */
export function services(): Services {
  made ??= makeServices(readSettings());
  return made;
}

/** What was made and has to be closed; undefined where nothing was asked for yet. */
export function madeServices(): Services | undefined {
  return made;
}

function makeServices(settings: Settings): Services {
  if (!settings.storage) throw missing("AzureWebJobsStorage", "a storage account's connection string");
  if (!settings.model.connection) throw missing("AZURE_OPENAI_ENDPOINT or OPENAI_API_KEY", "a model");
  const clock = createSystemClock();
  const telemetry = createTelemetry(settings);
  const store = rememberManifests(createBlobStore(settings.storage));
  const queue = createQueue(settings.storage);
  const chatModel = createChatModel(settings, telemetry, clock);
  const embeddingModel = createEmbeddingModel(settings, telemetry, clock);
  const searchIndex = createSearchIndex(settings.connections, telemetry, clock);
  const loadVersion = createVersionLoader({ store, embeddingModel });
  const catalog = createFlowCatalog({ store, loadVersion, clock });
  const instance = randomUUID();
  const traffic = createTrafficRecorder({ store, clock, instance });
  const turnNames = createTurnNames({ store });
  const sampler = createTurnSampler({ store, queue, clock, telemetry, instance });
  const contentSafety =
    settings.contentSafety && createContentSafety(settings.contentSafety, telemetry, clock);
  const { prices } = settings;
  const chatBudget = createChatBudget({
    budget: settings.chatBudget,
    prices,
    openLedger: createSpendLedgers(store, clock, instance),
    clock,
  });
  const answering = { chatModel, embeddingModel, searchIndex, contentSafety, loadVersion, prices };
  return {
    settings: { ...settings, storage: settings.storage },
    instance,
    authenticator: createAuthenticator(settings.access, clock),
    callerRate: createCallerRate(settings.chatPerMinute, clock),
    store,
    queue,
    telemetry,
    clock,
    answering,
    chat: {
      chatModel,
      embeddingModel,
      searchIndex,
      prices,
      budget: chatBudget,
      traffic,
      turnNames,
      sampler,
      catalog,
      contentSafety,
      telemetry,
      clock,
      log: (line) => console.error(line),
    },
    trying: { ...answering, budget: chatBudget, clock },
    feedback: { store, queue, clock, telemetry, traffic, turnNames },
  };
}

function missing(variable: string, what: string): SettingsError {
  return new SettingsError(
    `${variable} is not set: Flowgate needs ${what}. See docs/settings.md; \`npm start\` sets everything up locally.`,
  );
}
