import path from "node:path";
import { createFindings, type Findings } from "../../shared/flow/diagnostics.ts";
import { ancestorsOf, chooseAnswer, type Answer } from "./choose-answer.ts";
import { convertNode, type ConvertContext } from "./convert-node.ts";
import { asksModel, valuesOf, type Dag, type DagNode } from "./dag.ts";
import { describeCode } from "./describe-code.ts";
import { nameFlow, type FlowNames } from "./flow-names.ts";
import type { Carried, ImportedFlow, ImportedInput, ImportedStep } from "./imported-flow.ts";
import type { ImportSource } from "./import-source.ts";
import { refuseEvaluation } from "./refuse-evaluation.ts";
import { sourceOfNode } from "./source-of-node.ts";
import { whenOf } from "./when-of.ts";
import { promptyType } from "./typed-value.ts";
import { exampleOf } from "./write-prompty.ts";

/**
 * Turns a DAG flow into a flow's prompt and steps. What is not carried over is a warning at its place in
 * `flow.dag.yaml`; an error means that nothing can be written.
 */
export async function importDag(
  dag: Dag,
  source: ImportSource,
  findings: Findings,
): Promise<ImportedFlow | undefined> {
  if (refuseEvaluation(dag, findings)) return undefined;
  const answer = chooseAnswer(dag, findings);
  if (answer === undefined) return undefined;
  const names = nameFlow(dag);
  const context: ConvertContext = { dag, names, source, findings };
  const carried: Carried[] = [];
  const files = new Map<string, string>();
  const steps: ImportedStep[] = [];
  const main = answer.node;

  for (const node of answer.needed) {
    if (node === main || (node.type === "prompt" && isInlined(node, answer))) {
      if (node !== main) carried.push(carriedNode(dag, node, "written into the prompts that use it"));
      continue;
    }
    steps.push(await stepOf(node, main, context, files, carried));
  }
  const prompt = `${fileName(main.name)}.prompty`;
  const conditions = new Set(answer.needed.flatMap((node) => conditionInputs(node, names)));
  const text = await convertNode(main, main.name, conditions, context);
  if (text === undefined) return undefined;
  files.set(prompt, text);
  carried.unshift(carriedNode(dag, main, `${prompt}, the prompt that answers`));
  const variants = await variantsOf(main, conditions, context, files, carried);
  reportUncarried(answer, dag, findings);
  const condition = conditionOf(main, prompt, context);
  if (condition !== undefined) steps.push(condition);
  return {
    prompt,
    steps,
    variants,
    files,
    inputs: inputsOf(dag, names, findings),
    carried,
  };
}

async function stepOf(
  node: DagNode,
  main: DagNode,
  context: ConvertContext,
  files: Map<string, string>,
  carried: Carried[],
): Promise<ImportedStep> {
  const { dag, names, source, findings } = context;
  const name = names.step(node.name);
  const when = whenOf(node, names);
  const common = { name, ...(when === undefined ? {} : { when }) };
  const isTemplate = asksModel(node) || (node.type === "prompt" && node.path !== undefined);
  const text = isTemplate ? await convertNode(node, node.name, new Set(), context) : undefined;
  // Its template cannot be read: that error is said, and nothing is written.
  if (isTemplate && text === undefined) return { ...common, unsupported: node.name, does: "", instead: "" };
  if (asksModel(node) && text !== undefined) {
    const file = `prompts/${fileName(node.name)}.prompty`;
    files.set(file, text);
    carried.push(carriedNode(dag, node, `${file}, the step ${name}`));
    for (const { id, body } of node.variants) {
      const message = `The variant ${id} of ${node.name} is not carried over: variants are of the prompt that answers.`;
      findings.warning(dag.file, body.place, message, `To compare it, write it into ${file}.`);
    }
    return { ...common, prompt: file };
  }
  if (text !== undefined) {
    const file = `prompts/${fileName(node.name)}.prompty`;
    files.set(file, text);
    const does = "gives the text of a template to code";
    const instead = `Its template is in ${file}: write it into the prompt that replaces that code, or make the step ${name}: { prompt: ${file} }.`;
    findings.warning(dag.file, node.place, `The prompt node ${node.name} ${does}.`, instead);
    return { ...common, unsupported: `the prompt node ${node.name}`, does, instead };
  }
  // Code that is not there is described by its name.
  const code = await sourceOfNode(node, dag, source, createFindings());
  const before = codeBefore(node, dag);
  const { what, does, instead } = describeCode(name, node, code?.text, {
    before: before === undefined ? undefined : names.step(before.name),
    asks: askedWith(node, dag, names),
    afterAnswer: dependsOn(node, main, dag),
  });
  findings.warning(
    dag.file,
    node.place,
    `The node ${node.name}, ${what}, is not carried over. It ${does}.`,
    instead,
  );
  return { ...common, unsupported: what, does, instead };
}

/** What a node that finds something is asked with: what a prompt made of the question, else an input of its own. */
function askedWith(node: DagNode, dag: Dag, names: FlowNames): string {
  const values = node.inputs.map(({ value }) => value);
  const written = values.find(
    (value) =>
      value.kind === "node" && dag.nodes.some((other) => other.name === value.name && asksModel(other)),
  );
  const given = values.find(({ kind }) => kind === "input");
  const expression = [written, given].map((value) => value && names.expression(value)).find(Boolean);
  return expression ?? (names.question === undefined ? "question" : names.input(names.question.name));
}

/** Code whose result the node takes. */
function codeBefore(node: DagNode, dag: Dag): DagNode | undefined {
  const producers = node.inputs.map(({ value }) =>
    dag.nodes.find(({ name }) => value.kind === "node" && name === value.name),
  );
  return producers.find(
    (producer) => producer !== undefined && !asksModel(producer) && producer.type !== "prompt",
  );
}

function dependsOn(node: DagNode, other: DagNode, dag: Dag): boolean {
  return ancestorsOf(node, new Map(dag.nodes.map((one) => [one.name, one]))).has(other);
}

/** A prompt node whose text goes into templates only. */
function isInlined(node: DagNode, { needed }: Answer): boolean {
  const users = needed.filter((other) =>
    valuesOf(other).some((value) => value.kind === "node" && value.name === node.name),
  );
  const conditions = needed.some(
    ({ activate }) => activate?.when.kind === "node" && activate.when.name === node.name,
  );
  return !conditions && users.some((user) => asksModel(user) || user.type === "prompt");
}

/** `alsoUsed`: a variant stands in the prompt's place, and so declares the flow's inputs as it does. */
async function variantsOf(
  main: DagNode,
  alsoUsed: ReadonlySet<string>,
  context: ConvertContext,
  files: Map<string, string>,
  carried: Carried[],
): Promise<Record<string, string>> {
  const variants: Record<string, string> = {};
  for (const { id, body } of main.variants) {
    const text = await convertNode(body, main.name, alsoUsed, context);
    if (text === undefined) continue;
    const name = id.replace(/[^\w.-]/g, "_");
    const file = `prompts/${fileName(main.name)}-${fileName(id)}.prompty`;
    files.set(file, text);
    variants[name] = file;
    carried.push({
      what: `variant ${id} of ${main.name}`,
      file: context.dag.file,
      place: body.place,
      to: `${file}, for flowgate compare`,
    });
  }
  return variants;
}

function reportUncarried({ output, node, needed }: Answer, dag: Dag, findings: Findings): void {
  for (const other of dag.outputs) {
    if (other === output) continue;
    const message = `The output ${other.name} is not carried over: a flow gives one answer, ${output?.name ?? node.name}.`;
    findings.warning(dag.file, other.place, message, "Ask for it within the answer, as JSON for example.");
  }
  for (const other of dag.nodes) {
    if (needed.includes(other)) continue;
    const message = `The node ${other.name} is not carried over: the answer does not depend on it.`;
    findings.warning(dag.file, other.place, message);
  }
  const taken = new Set(
    needed.flatMap(valuesOf).map((value) => (value.kind === "input" ? value.name : undefined)),
  );
  for (const input of dag.inputs) {
    if (taken.has(input.name)) continue;
    const message = `The input ${input.name} is not carried over: nothing that makes the answer uses it.`;
    findings.warning(dag.file, input.place, message);
  }
}

/**
 * A flow always answers, so the condition of the node that does has no place in it. It stands as a step that is refused
 * at `validate`: dropped, the flow would answer where it was not meant to.
 */
function conditionOf(
  main: DagNode,
  prompt: string,
  { dag, names, findings }: ConvertContext,
): ImportedStep | undefined {
  if (main.activate === undefined) return undefined;
  const when = whenOf(main, names) ?? "";
  const taken = new Set(dag.nodes.map(({ name }) => names.step(name)));
  let name = `${names.step(main.name)}_condition`;
  while (taken.has(name)) name += "_";
  const message = `${main.name} is the prompt that answers, and always runs: its activate is not carried over.`;
  const instead = `Say in ${prompt} what to answer where this does not hold, {% if ${when} %}...{% else %}...{% endif %}, and remove the step ${name}.`;
  findings.warning(dag.file, main.activate.place, message, instead);
  return {
    name,
    unsupported: `the activate of ${main.name}`,
    does: `lets the flow answer only where ${when}`,
    instead,
  };
}

function inputsOf(dag: Dag, names: FlowNames, findings: Findings): ImportedInput[] {
  return dag.inputs.map((input) => {
    const to = names.input(input.name);
    if (to !== input.name) {
      const message = `The input ${input.name} is called ${to} now, in templates and datasets alike.`;
      const why = "Chat clients, the evaluators and templates know it by that name.";
      findings.warning(dag.file, input.place, message, why);
    }
    const isQuestion = names.question === input;
    return {
      from: input.name,
      to,
      isHistory: input.isChatHistory,
      isImage: input.type.toLowerCase() === "image",
      type: input.isChatHistory ? "thread" : promptyType(input.type),
      example: exampleOf(input),
      hasDefault: input.isChatHistory || (!isQuestion && input.default !== undefined),
    };
  });
}

function conditionInputs(node: DagNode, names: FlowNames): string[] {
  const when = node.activate?.when;
  return when?.kind === "input" ? [names.input(when.name)] : [];
}

function carriedNode(dag: Dag, node: DagNode, to: string): Carried {
  const variant = node.variantId === undefined ? "" : `, variant ${node.variantId}`;
  return { what: `${node.type} node ${node.name}${variant}`, file: dag.file, place: node.place, to };
}

function fileName(name: string): string {
  return (
    path
      .basename(name)
      .replace(/[^\w-]+/g, "-")
      .replace(/^-+|-+$/g, "") || "prompt"
  );
}
