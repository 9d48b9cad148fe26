import type { Dag, DagInput } from "./dag.ts";
import type { DagValue } from "./reference.ts";

/** What inputs and nodes are called in the flow that is written. */
export interface FlowNames {
  /** The input that takes the user's question, if there is one. */
  question: DagInput | undefined;
  input(name: string): string;
  /** The step's name of a node. */
  step(node: string): string;
  /** As a Jinja expression; undefined for a literal. */
  expression(value: DagValue): string | undefined;
}

/** The names under which Flowgate's chat endpoint and evaluators know the question. */
const QUESTION_NAMES = ["question", "query", "input"];
/** Inputs that are the question of a flow that was no chat, likeliest first. */
const LIKELY =
  /^(?:user_?(?:input|query|question|message)|message|text|prompt|content|utterance|url|\w*(?:question|query|text)\w*)$/i;

export function nameFlow(dag: Dag): FlowNames {
  const question = questionInput(dag.inputs);
  const taken = new Set(dag.inputs.map(({ name }) => name));
  const inputs = new Map(dag.inputs.map(({ name }) => [name, identifier(name)]));
  if (question !== undefined && !QUESTION_NAMES.includes(question.name)) {
    const free = QUESTION_NAMES.find((name) => !taken.has(name));
    if (free !== undefined) inputs.set(question.name, free);
  }
  const used = new Set(inputs.values());
  const steps = new Map<string, string>();
  for (const { name } of dag.nodes) {
    let step = identifier(name);
    while (used.has(step)) step += "_result";
    used.add(step);
    steps.set(name, step);
  }
  const input = (name: string): string => inputs.get(name) ?? identifier(name);
  const step = (node: string): string => steps.get(node) ?? identifier(node);
  return {
    question,
    input,
    step,
    expression(value) {
      if (value.kind === "literal") return undefined;
      return (value.kind === "input" ? input(value.name) : step(value.name)) + value.rest;
    },
  };
}

function questionInput(inputs: DagInput[]): DagInput | undefined {
  const texts = inputs.filter(
    ({ type, isChatHistory, name }) => type === "string" && !isChatHistory && !/history/i.test(name),
  );
  return (
    inputs.find(({ isChatInput }) => isChatInput) ??
    QUESTION_NAMES.map((name) => texts.find((input) => input.name === name)).find(
      (input) => input !== undefined,
    ) ??
    texts.find(({ name }) => LIKELY.test(name)) ??
    texts[0]
  );
}

function identifier(name: string): string {
  const plain = name.replace(/\W/g, "_");
  return /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`;
}
