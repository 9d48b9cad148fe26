import type { Place } from "../../shared/flow/diagnostics.ts";
import type { DagValue } from "./reference.ts";

/** A Prompt Flow flow as its `flow.dag.yaml` says it, references read and default variants chosen. */
export interface Dag {
  /** The file, relative to the imported folder, for messages. */
  file: string;
  inputs: DagInput[];
  outputs: DagOutput[];
  nodes: DagNode[];
  additionalIncludes: { path: string; place: Place }[];
}

export interface DagInput {
  name: string;
  /** int, double, bool, string, list, object, image, ... */
  type: string;
  description: string | undefined;
  /** Undefined: none. */
  default: unknown;
  isChatInput: boolean;
  isChatHistory: boolean;
  place: Place;
}

export interface DagOutput {
  name: string;
  reference: DagValue;
  isChatOutput: boolean;
  place: Place;
}

/** What a node does; a variant of it says the same otherwise. */
export interface NodeBody {
  /** llm, prompt, python, custom_llm, ... */
  type: string;
  /** The template or the code, relative to the flow's folder. */
  path: string | undefined;
  /** The tool of a package. */
  tool: string | undefined;
  inputs: { name: string; value: DagValue; place: Place }[];
  connection: string | undefined;
  provider: string | undefined;
  api: string | undefined;
  aggregation: boolean;
  place: Place;
  pathPlace: Place;
}

export interface DagNode extends NodeBody {
  name: string;
  activate: { when: DagValue; is: unknown; place: Place } | undefined;
  /** The variants that are not the default. */
  variants: { id: string; body: NodeBody }[];
  /** Of the default, where the node has variants. */
  variantId: string | undefined;
}

/** The variant of a node that a run was made with, and where its file says so. */
export interface ChosenVariant {
  node: string;
  id: string;
  file: string;
  place: Place;
}

/** The nodes and inputs that a node takes something from. */
export function valuesOf(node: DagNode): DagValue[] {
  const condition = node.activate === undefined ? [] : [node.activate.when];
  return [...node.inputs.map(({ value }) => value), ...condition];
}

/** A node whose template a model completes. */
export function asksModel(node: NodeBody): boolean {
  return (node.type === "llm" || node.type === "custom_llm") && node.path !== undefined;
}
