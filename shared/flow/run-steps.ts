import { PermanentError } from "../errors.ts";
import { contentHash } from "../model/canonical.ts";
import { isInteractive } from "../model/is-interactive.ts";
import type { CallContext } from "../ports/chat-model.ts";
import type { QueryEmbedder } from "./embed-queries.ts";
import { embedQueries } from "./embed-queries.ts";
import { recordText } from "./knowledge-text.ts";
import type { LoadedFlow } from "./load-flow.ts";
import type { LoadedSearch, LoadedStep } from "./load-step.ts";
import type { CompiledTemplate } from "./compile-template.ts";
import { textOf } from "./parse-messages.ts";
import { retrieveRecords } from "./retrieve-records.ts";
import { runPromptStep } from "./run-prompt-step.ts";
import { scalarText } from "./scalar-text.ts";
import { stepError } from "./step-error.ts";
import type { TurnCall } from "./turn-calls.ts";
import type { TurnDependencies } from "./turn-dependencies.ts";

/** One record that a step found, or the text that a prompt step made, as the report shows it. */
export interface FoundDocument {
  step: string;
  id: string;
  /** What the record calls itself, where that is not its id. */
  title?: string;
  text: string;
  /** Written by a model: no source, unless the step says that it grounds. */
  generated?: true;
}

export interface StepResults {
  /**
   * By step: a record or null for a lookup, a list for a retrieval, a text or parsed JSON for a prompt; null for one
   * that was skipped.
   */
  values: Record<string, unknown>;
  /** In the order of the steps, best first. */
  documents: FoundDocument[];
  /** The chat model's calls, in the order of the steps. */
  calls: TurnCall[];
  /** The longest chain of steps, in milliseconds, without waiting for a place among our own calls. */
  latencyMs: number;
}

/**
 * Runs a flow's steps, each as soon as what it uses is there: those that need nothing of each other run side by side.
 * A query that several steps share is embedded once. A lookup that finds nothing gives null: that is the prompt's
 * business. A failure names its step.
 */
export async function runSteps(
  flow: LoadedFlow,
  inputs: Record<string, unknown>,
  dependencies: TurnDependencies,
  turn: CallContext,
): Promise<StepResults> {
  if (flow.steps.length === 0) return { values: {}, documents: [], calls: [], latencyMs: 0 };
  const call: CallContext = { ...turn, purpose: "step", interactive: isInteractive(turn) };
  const embed = embedQueries(dependencies.embeddingModel, call);
  const { clock } = dependencies;
  const steps = new Map(flow.steps.map((step) => [step.name, step]));
  const running = new Map<string, Promise<Finished>>();

  const start = (step: LoadedStep): Promise<Finished> => {
    const known = running.get(step.name);
    if (known !== undefined) return known;
    const needed = step.needs.flatMap((name) => steps.get(name) ?? []);
    const result = Promise.all(needed.map(start)).then(async (results): Promise<Finished> => {
      const values = { ...inputs, ...Object.fromEntries(results.map(({ step, value }) => [step, value])) };
      const readyAt = Math.max(0, ...results.map(({ doneAt }) => doneAt));
      const startedAt = clock.elapsed();
      let waitedMs = 0;
      const onWait = (ms: number): void => {
        waitedMs += ms;
      };
      try {
        const found = await runStep(step, values, embed, dependencies, { ...call, onWait });
        const tookMs =
          found.call?.latencyMs ?? clock.elapsed() - startedAt - waitedMs - (found.waitedMs ?? 0);
        return { ...found, step: step.name, doneAt: readyAt + Math.max(0, tookMs) };
      } catch (error) {
        throw stepError(step.name, error);
      }
    });
    running.set(step.name, result);
    return result;
  };

  const found = await Promise.all(flow.steps.map(start));
  return {
    values: Object.fromEntries(found.map(({ step, value }) => [step, value])),
    documents: found.flatMap(({ step, documents }) => documents.map((document) => ({ step, ...document }))),
    calls: found.flatMap(({ step, call }) => (call === undefined ? [] : [{ step, ...call }])),
    latencyMs: Math.max(0, ...found.map(({ doneAt }) => doneAt)),
  };
}

interface Found {
  value: unknown;
  documents: Omit<FoundDocument, "step">[];
  call?: Omit<TurnCall, "step">;
  /** Waited for a place on behalf of several steps. */
  waitedMs?: number;
}

interface Finished extends Found {
  step: string;
  /** When it was done, in milliseconds after the turn began, had nothing waited. */
  doneAt: number;
}

async function runStep(
  step: LoadedStep,
  inputs: Record<string, unknown>,
  embed: QueryEmbedder,
  dependencies: TurnDependencies,
  call: CallContext,
): Promise<Found> {
  if (step.when !== undefined && !step.when.evaluate(inputs)) return { value: null, documents: [] };
  switch (step.kind) {
    case "lookup": {
      const record = step.records.get(rendered(step.key, inputs));
      return record === undefined ? { value: null, documents: [] } : { value: record, ...shown([record]) };
    }
    case "retrieve": {
      const query = rendered(step.query, inputs);
      const { vector, waitedMs } = await embed(step.mode === "keyword" ? "" : query);
      const records = retrieveRecords(step, query, vector);
      return { value: records, waitedMs, ...shown(records) };
    }
    case "search":
      return search(step, rendered(step.query, inputs), embed, dependencies, call);
    default: {
      const { value, answer } = await runPromptStep(step, inputs, dependencies.chatModel, call);
      const { model, usage, latencyMs } = answer;
      const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
      return {
        value,
        documents: [{ id: step.prompt.path, text, generated: true }],
        call: { model, usage, latencyMs },
      };
    }
  }
}

async function search(
  { definition }: LoadedSearch,
  text: string,
  embed: QueryEmbedder,
  { searchIndex }: TurnDependencies,
  call: CallContext,
): Promise<Found> {
  if (text === "") return { value: [], documents: [] };
  if (searchIndex === undefined) {
    throw new PermanentError(
      `There is no connection ${definition.connection}: none can be reached from here.`,
    );
  }
  const { connection, index, mode, fields, top, minimumScore } = definition;
  const { vector, waitedMs } = await embed(mode === "keyword" ? "" : text);
  const query = { connection, index, mode, fields, top, minimumScore, text, vector };
  const records = await searchIndex.search(query, call);
  return { value: records, waitedMs, ...shown(records) };
}

function shown(records: Record<string, unknown>[]): Pick<Found, "documents"> {
  return {
    documents: records.map((record) => {
      const id = idOf(record);
      const title = [record.title, record.name].map(scalarText).find((name) => name !== undefined);
      const titled = title === undefined || title === id ? {} : { title };
      return { id, ...titled, text: recordText(record) };
    }),
  };
}

function rendered(template: CompiledTemplate, inputs: Record<string, unknown>): string {
  return textOf(template.render(inputs)).trim();
}

function idOf(record: Record<string, unknown>): string {
  const named = [record.id, record.name, record.title].map(scalarText).find((name) => name !== undefined);
  return named ?? contentHash(record).slice(0, 12);
}
