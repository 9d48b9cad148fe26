import type { Findings, Place } from "../../shared/flow/diagnostics.ts";
import { parseYaml, type ParsedYaml } from "../../shared/flow/parse-yaml.ts";
import { suggestion } from "../../shared/flow/nearest-name.ts";
import { valuesOf, type ChosenVariant, type Dag, type DagInput, type DagNode, type NodeBody } from "./dag.ts";
import { entriesOf, isFields, textOf, type Fields } from "./fields.ts";
import { readReference } from "./reference.ts";
import { promptyType, typedValue } from "./typed-value.ts";

/**
 * Reads a `flow.dag.yaml`. What is not as Prompt Flow wants it is an error by line and column. A variant that a run
 * was made with stands before its node's default.
 */
export function readDag(
  file: string,
  text: string,
  findings: Findings,
  variant?: ChosenVariant,
): Dag | undefined {
  const yaml = parseYaml(file, text, findings);
  if (yaml === undefined) return undefined;
  if (!isFields(yaml.value)) {
    findings.error(
      file,
      yaml.placeOf([]),
      "This is no flow of Prompt Flow.",
      "It has inputs, outputs and nodes.",
    );
    return undefined;
  }
  const context: Context = { file, yaml, findings, document: yaml.value, variant };
  const nodes = readNodes(context);
  const includes = yaml.value.additional_includes;
  const dag: Dag = {
    file,
    inputs: readInputs(context),
    outputs: entriesOf(yaml.value.outputs).map(([name, written]) => ({
      name,
      reference: readReference(isFields(written) ? written.reference : written),
      isChatOutput: isFields(written) && written.is_chat_output === true,
      place: yaml.placeOf(["outputs", name], "key"),
    })),
    nodes,
    additionalIncludes: (Array.isArray(includes) ? includes : []).flatMap((path: unknown, index) =>
      typeof path === "string" ? [{ path, place: yaml.placeOf(["additional_includes", index]) }] : [],
    ),
  };
  checkReferences(dag, findings);
  checkVariant(dag, variant, findings);
  return dag;
}

interface Context {
  file: string;
  yaml: ParsedYaml;
  findings: Findings;
  document: Fields;
  variant: ChosenVariant | undefined;
}

function readInputs({ yaml, document }: Context): DagInput[] {
  return entriesOf(document.inputs).map(([name, written]) => {
    const fields = isFields(written) ? written : {};
    const type = textOf(fields.type) ?? "string";
    const isHistory = fields.is_chat_history === true;
    const named = /^(chat_)?history$/.test(name) && type === "list" && fields.is_chat_history !== false;
    return {
      name,
      type,
      description: textOf(fields.description),
      default: typedValue(promptyType(type), fields.default ?? undefined),
      isChatInput: fields.is_chat_input === true,
      isChatHistory: isHistory || named,
      place: yaml.placeOf(["inputs", name], "key"),
    };
  });
}

function readNodes(context: Context): DagNode[] {
  const { document, findings, file, yaml } = context;
  if (!Array.isArray(document.nodes)) {
    findings.error(
      file,
      yaml.placeOf(["nodes"]),
      "The flow has no nodes.",
      "A flow.dag.yaml lists them under nodes.",
    );
    return [];
  }
  const seen = new Set<string>();
  return document.nodes.flatMap((written: unknown, index) => {
    const at = ["nodes", index];
    const name = isFields(written) ? textOf(written.name) : undefined;
    if (!isFields(written) || name === undefined) {
      findings.error(file, yaml.placeOf(at), "A node without a name.", "Give it a name.");
      return [];
    }
    if (seen.has(name)) {
      findings.error(file, yaml.placeOf([...at, "name"]), `The node ${name} is there twice.`, "Rename one.");
      return [];
    }
    seen.add(name);
    return nodeOf(name, written, at, context);
  });
}

function nodeOf(name: string, written: Fields, at: PropertyKey[], context: Context): DagNode[] {
  const { document, findings, file, yaml } = context;
  const variants = isFields(document.node_variants) ? document.node_variants[name] : undefined;
  const used = written.use_variants === true && isFields(variants) && isFields(variants.variants);
  if (written.use_variants === true && !used && written.type === undefined) {
    const message = `The node ${name} has no variants under node_variants.`;
    findings.error(file, yaml.placeOf(at), message, "Add them, or write the node out.");
    return [];
  }
  const bodies = used ? entriesOf(variants.variants) : [];
  const wanted = used ? textOf(variants.default_variant_id) : undefined;
  const ofRun = context.variant?.node === name ? context.variant.id : undefined;
  const byDefault = bodies.find(([id]) => id === wanted) ?? bodies[0];
  const chosen = bodies.find(([id]) => id === ofRun) ?? byDefault;
  if (wanted !== undefined && byDefault !== undefined && byDefault[0] !== wanted) {
    const place = yaml.placeOf(["node_variants", name, "default_variant_id"]);
    const remedy = suggestion(
      wanted,
      bodies.map(([id]) => id),
      "variants",
    );
    findings.error(file, place, `The node ${name} has no variant ${wanted}.`, remedy);
  }
  const bodyAt = (id: string): PropertyKey[] => ["node_variants", name, "variants", id, "node"];
  const inner = (variant: unknown): Fields =>
    isFields(variant) && isFields(variant.node) ? variant.node : {};
  const body =
    chosen === undefined
      ? bodyOf(written, at, context)
      : bodyOf({ ...written, ...inner(chosen[1]) }, bodyAt(chosen[0]), context);
  const activate = written.activate ?? (chosen === undefined ? undefined : inner(chosen[1]).activate);
  return [
    {
      ...body,
      name,
      place: chosen === undefined ? body.place : yaml.placeOf(at),
      activate: isFields(activate)
        ? { when: readReference(activate.when), is: activate.is, place: yaml.placeOf([...at, "activate"]) }
        : undefined,
      variants: bodies
        .filter(([id]) => id !== chosen?.[0])
        .map(([id, variant]) => ({
          id,
          body: bodyOf({ ...written, ...inner(variant) }, bodyAt(id), context),
        })),
      variantId: chosen?.[0],
    },
  ];
}

function bodyOf(written: Fields, at: PropertyKey[], { yaml }: Context): NodeBody {
  const source = isFields(written.source) ? written.source : {};
  const place = (...path: PropertyKey[]): Place => yaml.placeOf([...at, ...path]);
  return {
    type: textOf(written.type)?.toLowerCase() ?? "",
    path: textOf(source.path),
    tool: textOf(source.tool) ?? textOf(written.tool),
    inputs: entriesOf(written.inputs).map(([name, value]) => ({
      name,
      value: readReference(value),
      place: place("inputs", name),
    })),
    connection: textOf(written.connection),
    provider: textOf(written.provider),
    api: textOf(written.api),
    aggregation: written.aggregation === true || written.reduce === true,
    place: place(),
    pathPlace: place("source", "path"),
  };
}

function checkReferences(dag: Dag, findings: Findings): void {
  const inputs = dag.inputs.map(({ name }) => name);
  const nodes = dag.nodes.map(({ name }) => name);
  const check = (reference: ReturnType<typeof readReference>, place: Place, who: string): void => {
    if (reference.kind === "input" && !inputs.includes(reference.name)) {
      const remedy = suggestion(reference.name, inputs, "inputs");
      findings.error(
        dag.file,
        place,
        `${who} refers to the input ${reference.name}, which is not there.`,
        remedy,
      );
    } else if (reference.kind === "node" && !nodes.includes(reference.name)) {
      const remedy = suggestion(reference.name, nodes, "nodes");
      findings.error(
        dag.file,
        place,
        `${who} refers to the node ${reference.name}, which is not there.`,
        remedy,
      );
    }
  };
  for (const { name, reference, place } of dag.outputs) check(reference, place, `The output ${name}`);
  for (const node of dag.nodes) {
    for (const { value, place } of node.inputs) check(value, place, `The node ${node.name}`);
    if (node.activate) check(node.activate.when, node.activate.place, `The node ${node.name}`);
    for (const { id, body } of node.variants) {
      for (const { value, place } of body.inputs) check(value, place, `The variant ${id} of ${node.name}`);
    }
  }
  checkCycles(dag, findings);
}

function checkVariant(dag: Dag, variant: ChosenVariant | undefined, findings: Findings): void {
  if (variant === undefined) return;
  const { file, place, node: name, id } = variant;
  const node = dag.nodes.find((other) => other.name === name);
  if (node?.variantId === id) return;
  const [message, wanted, known, kind] =
    node === undefined
      ? [
          `The run is of the node ${name}, which is not there.`,
          name,
          dag.nodes.map((other) => other.name),
          "nodes",
        ]
      : [
          `The run is of the variant ${id}, which the node ${name} does not have.`,
          id,
          [node.variantId, ...node.variants.map((other) => other.id)].filter((other) => other !== undefined),
          "variants",
        ];
  findings.error(file, place, message, suggestion(wanted, known, kind));
}

function checkCycles(dag: Dag, findings: Findings): void {
  const byName = new Map(dag.nodes.map((node) => [node.name, node]));
  const done = new Set<string>();
  const open: string[] = [];
  const visit = (node: DagNode): boolean => {
    if (done.has(node.name)) return true;
    const start = open.indexOf(node.name);
    if (start >= 0) {
      const circle = [...open.slice(start), node.name].join(" -> ");
      findings.error(dag.file, node.place, `The nodes wait for each other: ${circle}.`, "Break the circle.");
      return false;
    }
    open.push(node.name);
    for (const value of valuesOf(node)) {
      const next = value.kind === "node" ? byName.get(value.name) : undefined;
      if (next !== undefined && !visit(next)) return false;
    }
    open.pop();
    done.add(node.name);
    return true;
  };
  for (const node of dag.nodes) if (!visit(node)) return;
}
