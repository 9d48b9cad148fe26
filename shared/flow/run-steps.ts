import { contentHash } from "../model/canonical.ts";
import type { CallContext, EmbeddingModel } from "../ports/chat-model.ts";
import { TemplateError } from "./jinja/template-error.ts";
import { recordText } from "./knowledge-text.ts";
import type { LoadedFlow, LoadedStep } from "./load-flow.ts";
import { nearestVectors } from "./nearest-vectors.ts";
import { RenderError } from "./render-error.ts";
import { scalarText } from "./scalar-text.ts";
import { textOf } from "./parse-messages.ts";

/** One record that a step found, as the report shows it. */
export interface FoundDocument {
  step: string;
  id: string;
  text: string;
}

export interface StepResults {
  /** By step: a record or null for a lookup, a list for a retrieval. */
  values: Record<string, unknown>;
  /** In the order of the steps, best first. */
  documents: FoundDocument[];
}

/**
 * Runs a flow's steps; those that need nothing of each other run side by side. A query that several steps share is
 * embedded once. A lookup that finds nothing gives null: that is the prompt's business.
 */
export async function runSteps(
  flow: LoadedFlow,
  inputs: Record<string, unknown>,
  embeddingModel: EmbeddingModel,
  call: CallContext,
): Promise<StepResults> {
  const embedded = new Map<string, Promise<Float32Array | undefined>>();
  const embed = (text: string): Promise<Float32Array | undefined> => {
    const known = embedded.get(text);
    if (known !== undefined) return known;
    const vector = embeddingModel.embed([text], { ...call, purpose: "step" }).then(([first]) => first);
    embedded.set(text, vector);
    return vector;
  };

  const running = new Map<string, Promise<Found>>();
  for (const step of flow.steps) {
    const needed = step.needs.map(async (name) => [name, (await running.get(name))?.value] as const);
    running.set(
      step.name,
      Promise.all(needed).then((results) =>
        runStep(step, { ...inputs, ...Object.fromEntries(results) }, embed),
      ),
    );
  }
  const found = await Promise.all([...running].map(async ([step, result]) => ({ step, ...(await result) })));
  return {
    values: Object.fromEntries(found.map(({ step, value }) => [step, value])),
    documents: found.flatMap(({ step, records }) =>
      records.map((record) => ({ step, id: idOf(record), text: recordText(record) })),
    ),
  };
}

interface Found {
  value: unknown;
  records: Record<string, unknown>[];
}

async function runStep(
  step: LoadedStep,
  inputs: Record<string, unknown>,
  embed: (text: string) => Promise<Float32Array | undefined>,
): Promise<Found> {
  const text = rendered(step, inputs).trim();
  if (step.kind === "lookup") {
    const record = step.records.get(text);
    return { value: record ?? null, records: record === undefined ? [] : [record] };
  }
  const query = text === "" ? undefined : await embed(text);
  if (query === undefined) return { value: [], records: [] };
  const records = nearestVectors(query, step.vectors, step.top)
    .map((index) => step.records[index])
    .filter((record) => record !== undefined);
  return { value: records, records };
}

function rendered(step: LoadedStep, inputs: Record<string, unknown>): string {
  try {
    return textOf(step.template.render(inputs));
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new RenderError(`The step ${step.name}: ${error.message}`, { cause: error });
  }
}

function idOf(record: Record<string, unknown>): string {
  const named = [record.id, record.name, record.title].map(scalarText).find((name) => name !== undefined);
  return named ?? contentHash(record).slice(0, 12);
}
