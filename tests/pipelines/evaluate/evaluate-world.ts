import { createSpending } from "../../../pipelines/evaluate/spending.ts";
import { createSpendStore } from "../../../shared/registry/spend-store.ts";
import { createVersionLoader } from "../../../shared/registry/version-loader.ts";
import type { EvaluateDependencies } from "../../../pipelines/evaluate/evaluate-dependencies.ts";
import { evaluateShard } from "../../../pipelines/evaluate/evaluate-shard.ts";
import { createRowAdmission } from "../../../pipelines/evaluate/row-admission.ts";
import { createRunsUnderWay } from "../../../pipelines/evaluate/run-progress.ts";
import { planRun } from "../../../pipelines/evaluate/plan-run.ts";
import { makeJudge } from "../../../shared/evaluators/make-judge.ts";
import type { ShardMessage, SnapshotMessage } from "../../../shared/messages/queue-messages.ts";
import type { CurrentRun } from "../../../shared/model/intake.ts";
import type { Report, RowResult, RunPlan, Verdict } from "../../../shared/model/run.ts";
import type {
  CallContext,
  ChatMessage,
  ChatModel,
  EmbeddingModel,
} from "../../../shared/ports/chat-model.ts";
import { createJson, readJson } from "../../../shared/registry/json-blob.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import type { MemoryQueue } from "../../fakes/memory-queue.ts";
import { createMemoryTelemetry } from "../../fakes/memory-telemetry.ts";
import type { MemoryTelemetry } from "../../fakes/memory-telemetry.ts";
import { createIntakeWorld, FLOW, MAIN } from "../intake/intake-world.ts";
import type { IntakeWorld } from "../intake/intake-world.ts";

/** What the scripted model says to a question, and what its judge says of the answer. */
export interface Script {
  model: string;
  answer(question: string): string | Error;
  judge(question: string): string | Error;
}

export interface ModelCall {
  purpose: CallContext["purpose"];
  version: string | undefined;
  question: string;
}

/** How a push differs from the small flow. */
export interface Edit {
  prompt?: string;
  gate?: string;
  /** In place of `[coherence]`. */
  evaluators?: string;
  /** More files, by path. */
  files?: Record<string, string>;
  /** Lines in the section `evaluation` of flow.yaml. */
  evaluation?: string[];
  /** Lines in the section `gate`. */
  gateLines?: string[];
  /** Lines of data/labels.jsonl. */
  labels?: object[];
  /** More fields of each row. */
  fields?: (question: string) => Record<string, unknown>;
  /** Whether the gate asks for something that only all rows can show. True unless said otherwise. */
  needsAllRows?: boolean;
  /** Rows of a safety dataset of its own. */
  safety?: string[];
}

/** Evaluation on fakes behind intake on fakes, with a model that answers by a script. */
export interface EvaluateWorld extends EvaluateDependencies {
  intake: IntakeWorld;
  queue: MemoryQueue;
  telemetry: MemoryTelemetry;
  script: Script;
  /** Every call of the model, in order. */
  calls: ModelCall[];
  /** Pushes the small flow with the questions as its dataset; returns what intake hands over. */
  push(questions: string[], edit?: Edit): Promise<SnapshotMessage>;
  /** Plans what was pushed; returns the run that is current then. */
  plan(message: SnapshotMessage): Promise<RunPlan>;
  /** The shard messages that wait. */
  takeShards(): ShardMessage[];
  /** Evaluates every shard that waits. */
  evaluateAll(): Promise<void>;
  current(): Promise<CurrentRun | undefined>;
  report(run: string): Promise<Report | undefined>;
  rows(plan: RunPlan): Promise<RowResult[]>;
  /** Writes the verdict of a run as the decision would, and, where it says so, that the release acted on it. */
  decided(plan: RunPlan, outcome: Verdict["outcome"], acted: boolean): Promise<void>;
  /** Makes a version the one in production. */
  serve(plan: Pick<RunPlan, "version" | "suite" | "id">): Promise<void>;
}

export const FIRST = { redelivered: false, lastAttempt: false };
export const AGAIN = { redelivered: true, lastAttempt: false };
export const LAST = { redelivered: true, lastAttempt: true };
export const QUESTIONS = Array.from({ length: 100 }, (_, index) => `What is in aisle ${index}?`);

export function createEvaluateWorld(): EvaluateWorld {
  const intake = createIntakeWorld();
  const { store, queue, clock } = intake;
  const calls: ModelCall[] = [];
  const script: Script = {
    model: "test-model",
    answer: (question) => `An answer to: ${question}`,
    judge: () => '{"reason": "It hangs together.", "score": 4}',
  };
  const chatModel: ChatModel = {
    async complete({ messages }, { purpose, version, onUsage }) {
      const question = questionIn(messages);
      calls.push({ purpose, version, question });
      const said = purpose === "judge" ? script.judge(question) : script.answer(question);
      if (said instanceof Error) {
        onUsage?.({ kind: "failed", model: script.model, usage: undefined });
        throw said;
      }
      const usage = { inputTokens: 10, outputTokens: 5 };
      onUsage?.({ model: script.model, usage });
      return { text: said, finishReason: "stop", model: script.model, usage, latencyMs: 100 };
    },
    stream: () => {
      throw new Error("An evaluation streams nothing.");
    },
  };
  const embeddingModel: EmbeddingModel = { name: "none", embed: async () => [] };
  const world: EvaluateWorld = {
    intake,
    store,
    queue,
    clock,
    telemetry: createMemoryTelemetry(),
    chatModel,
    embeddingModel,
    loadVersion: createVersionLoader({ store, embeddingModel }),
    judgeFor: (call) => makeJudge(chatModel, "judge", call),
    admission: createRowAdmission(8),
    runs: createRunsUnderWay({ store, clock }),
    spending: createSpending({
      spends: createSpendStore(store, clock, "test"),
      prices: {},
      dailyBudget: undefined,
      clock,
    }),
    models: { chat: "test/chat", judge: "test/judge", embedding: "test/embedding" },
    script,
    calls,
    async push(
      questions,
      {
        prompt = "at 17",
        gate = ">= 1",
        gateLines = [],
        evaluators = "[coherence]",
        files = {},
        evaluation = [],
        labels = [],
        needsAllRows = true,
        fields,
        safety,
      } = {},
    ) {
      await intake.pushSmallFlow();
      await replace("chat.prompty", "at 17", prompt);
      await replace("flow.yaml", ">= 1", gate);
      await replace("flow.yaml", "[coherence]", evaluators);
      for (const [path, text] of Object.entries(files)) await intake.write(path, text);
      if (needsAllRows) await replace("flow.yaml", "gate:", 'gate:\n  latency: { max: "<= 60m" }');
      if (gateLines.length > 0) await replace("flow.yaml", "gate:", ["gate:", ...gateLines].join("\n  "));
      if (labels.length > 0) {
        await intake.write("data/labels.jsonl", labels.map((label) => `${JSON.stringify(label)}\n`).join(""));
      }
      const more = evaluation.map((line) => `  ${line}\n`).join("");
      await replace("flow.yaml", "  datasets", `${more}  datasets`);
      const lines = (asked: string[]): string =>
        asked.map((question) => `${JSON.stringify({ question, ...fields?.(question) })}\n`).join("");
      await intake.write("data.jsonl", lines(questions));
      if (safety) {
        await intake.write("attacks.jsonl", lines(safety));
        await replace("flow.yaml", "[data.jsonl]", "[data.jsonl, { path: attacks.jsonl, as: safety }]");
      }
      await intake.changed(".commit.json");
      const message = queue.take("flow-snapshots").at(-1);
      if (!message) throw new Error(`Nothing was handed over: ${JSON.stringify(await intake.state())}`);
      return message as SnapshotMessage;
    },
    async plan(message) {
      await planRun(message, world);
      const run = (await world.current())?.run ?? "";
      const plan = await readJson<RunPlan>(store, "registry", registryPath.plan(FLOW, run));
      if (!plan) throw new Error(`There is no plan of the run "${run}".`);
      return plan.value;
    },
    takeShards: () => queue.take("evaluation-shards") as ShardMessage[],
    async evaluateAll() {
      for (const shard of world.takeShards()) await evaluateShard(shard, world, FIRST);
    },
    current: async () =>
      (await readJson<CurrentRun>(store, "registry", registryPath.currentRun(MAIN)))?.value,
    report: async (run) => (await readJson<Report>(store, "registry", registryPath.report(FLOW, run)))?.value,
    async rows(plan) {
      const shards = plan.shards.map((shard) =>
        store.read("registry", registryPath.shard(FLOW, plan.id, shard)),
      );
      const lines = (await Promise.all(shards)).flatMap((blob) => blob?.body.toString().split("\n") ?? []);
      return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as RowResult);
    },
    async decided(plan, outcome, acted) {
      await createJson(store, "registry", registryPath.verdict(FLOW, plan.id), { run: plan.id, outcome });
      if (acted) await createJson(store, "registry", registryPath.decision(FLOW, plan.id), { sequence: 1 });
    },
    async serve({ version, suite, id }) {
      const stable = { version, suite, run: id };
      await store.write("registry", registryPath.release(FLOW), JSON.stringify({ flow: FLOW, stable }));
    },
  };
  const replace = async (path: string, from: string, to: string): Promise<void> => {
    const text = (await store.read("flows", `${FLOW}/${path}`))?.body.toString() ?? "";
    await intake.write(path, text.replace(from, to));
  };
  return world;
}

/** The question that an answering or a judging call is about. */
function questionIn(messages: ChatMessage[]): string {
  const said = messages.map(({ content }) => (typeof content === "string" ? content : "")).join("\n");
  return /What is in aisle [^?]+\?/.exec(said)?.[0] ?? "";
}
