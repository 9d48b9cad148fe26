import { isFromTool } from "../guardrails/guard-turn.ts";
import { inputTexts } from "../guardrails/input-texts.ts";
import type { CallContext, ChatMessage, ChatRequest } from "../ports/chat-model.ts";
import { withHistoryNames } from "./history-names.ts";
import { withDefaults } from "./input-values.ts";
import type { LoadedFlow } from "./load-flow.ts";
import { renderMessages, templateOf } from "./render-messages.ts";
import { runSteps, type FoundDocument } from "./run-steps.ts";
import type { TurnCall } from "./turn-calls.ts";
import type { TurnDependencies } from "./turn-dependencies.ts";

/** A turn up to the model's call. */
export interface PreparedTurn {
  request: ChatRequest;
  /** What the answer could draw on, as text: all that the steps found. */
  context: string;
  documents: FoundDocument[];
  /** What the steps asked the chat model. */
  calls: TurnCall[];
  /** What the steps took, in milliseconds, without waiting for a place among our own calls. */
  latencyMs: number;
}

/** A turn of which nothing ran. */
export const NOT_PREPARED: PreparedTurn = {
  request: { model: undefined, messages: [], parameters: {} },
  context: "",
  documents: [],
  calls: [],
  latencyMs: 0,
};

/** What is said and set beyond what the prompt renders: the calls of tools since the question, and their results. */
export interface AddedToTurn {
  /** After those of the prompt. */
  messages: ChatMessage[];
  /** In place of those of the prompt; undefined for one that does not apply. */
  parameters: Record<string, unknown>;
}

/** Runs the steps and renders the prompt with what they found. Throws `RenderError`, `ModelError`. */
export async function prepareTurn(
  flow: LoadedFlow,
  inputs: Record<string, unknown>,
  dependencies: TurnDependencies,
  call: CallContext,
  added?: AddedToTurn,
): Promise<PreparedTurn> {
  const { prompt } = flow;
  // The prompt declares the flow's inputs, so that its defaults are there for the steps too.
  const given = withDefaults(prompt, withHistoryNames(namesIn(flow), inputs));
  const { values, documents, calls, latencyMs } = await runSteps(flow, given, dependencies, call);
  const { clock } = dependencies;
  const startedAt = clock.elapsed();
  const messages = renderMessages(prompt, { ...given, ...values });
  return {
    request: {
      model: prompt.model,
      messages: added ? [...messages, ...added.messages] : messages,
      parameters: added ? { ...prompt.parameters, ...added.parameters } : prompt.parameters,
    },
    context: contextOf(flow, documents),
    documents,
    calls,
    latencyMs: latencyMs + Math.max(0, clock.elapsed() - startedAt),
  };
}

/** Put together once a flow, and not for every turn. */
const asked = new WeakMap<LoadedFlow, ReadonlySet<string>>();

/** The names that the flow's prompt and its steps ask for, and that no step gives. */
function namesIn(flow: LoadedFlow): ReadonlySet<string> {
  const known = asked.get(flow);
  if (known) return known;
  const found = findNames(flow);
  asked.set(flow, found);
  return found;
}

function findNames({ prompt, steps }: LoadedFlow): Set<string> {
  const names = [...templateOf(prompt).names, ...prompt.inputs].map(({ name }) => name);
  const found = new Set([...names, ...steps.flatMap(({ uses }) => [...uses])]);
  for (const { name } of steps) found.delete(name);
  return found;
}

/** What others wrote that the model is about to see: what the steps found, and what the client says its tools gave. */
export function untrustedTexts({ documents }: PreparedTurn, added: AddedToTurn | undefined): string[] {
  const results = (added?.messages ?? []).filter(isFromTool);
  return [
    ...documents.map(({ text }) => text),
    ...inputTexts({ results: results.map(({ content }) => content) }),
  ];
}

/** What a model wrote grounds nothing, unless its step says so; then it is marked as what it is. */
function contextOf(flow: LoadedFlow, documents: readonly FoundDocument[]): string {
  const grounding = new Set(
    flow.steps.flatMap((step) => (step.kind === "prompt" && step.grounds ? step.name : [])),
  );
  return documents
    .filter(({ step, generated }) => generated !== true || grounding.has(step))
    .map(({ step, text, generated }) => `${step}${generated ? " (written by a model)" : ""}:\n${text}`)
    .join("\n\n");
}
