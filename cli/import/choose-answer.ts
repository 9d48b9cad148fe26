import { asksModel, valuesOf, type Dag, type DagNode, type DagOutput } from "./dag.ts";
import type { Findings } from "../../shared/flow/diagnostics.ts";

/** Which node answers, and what the answer needs. */
export interface Answer {
  output: DagOutput | undefined;
  /** Its template becomes the flow's prompt. */
  node: DagNode;
  /** Every node that the answer is made with, the answering one included, in the order of the file. */
  needed: DagNode[];
}

const ANSWER_NAMES = /^(answer|response|output|result|reply|completion|text)$/i;

/**
 * The flow's answer is its chat output, else its only one, else the one named as answers are, else the first. The node
 * that answers is the model's last call before it; where code comes after, that code is among what is needed.
 */
export function chooseAnswer(dag: Dag, findings: Findings): Answer | undefined {
  const nodes = new Map(dag.nodes.map((node) => [node.name, node]));
  const output =
    dag.outputs.find(({ isChatOutput }) => isChatOutput) ??
    dag.outputs.find(({ name, reference }) => ANSWER_NAMES.test(name) && reference.kind === "node") ??
    dag.outputs.find(({ reference }) => reference.kind === "node");
  const last = output?.reference.kind === "node" ? nodes.get(output.reference.name) : undefined;
  const needed = last === undefined ? new Set(dag.nodes) : ancestorsOf(last, nodes);
  const candidates = [...needed].filter(asksModel);
  // The call that no other call builds upon.
  const builtUpon = new Set<DagNode>();
  for (const candidate of candidates) {
    for (const node of ancestorsOf(candidate, nodes)) if (node !== candidate) builtUpon.add(node);
  }
  const final = candidates.filter((node) => !builtUpon.has(node));
  const templates = [...needed].filter(({ type, path }) => type === "prompt" && path !== undefined);
  const node = final[0] ?? templates[0];
  if (node === undefined) {
    const place = output?.place ?? dag.nodes[0]?.place ?? { line: 1, column: 1 };
    const message = "No node of the flow asks a model: nothing in it can become a prompt.";
    findings.error(
      dag.file,
      place,
      message,
      "Write what the model is asked into a .prompty file, and import that.",
    );
    return undefined;
  }
  return { output, node, needed: dag.nodes.filter((other) => needed.has(other)) };
}

/** The node and all it takes something from, nearest first. */
export function ancestorsOf(node: DagNode, nodes: ReadonlyMap<string, DagNode>): Set<DagNode> {
  const found = new Set([node]);
  // A set visits what is added while it is walked.
  for (const one of found) {
    for (const value of valuesOf(one)) {
      const next = value.kind === "node" ? nodes.get(value.name) : undefined;
      if (next !== undefined) found.add(next);
    }
  }
  return found;
}
