import type { Findings } from "../../shared/flow/diagnostics.ts";
import { positionAt, TemplateError } from "../../shared/flow/jinja/template-error.ts";
import { convertHistory } from "./convert-history.ts";
import { convertTemplate, hasMarker, withUserMessage, type Binding } from "./convert-template.ts";
import { asksModel, type Dag, type DagNode, type NodeBody } from "./dag.ts";
import type { FlowNames } from "./flow-names.ts";
import type { ImportSource } from "./import-source.ts";
import { isModelInput, modelSettings, type ModelSettings } from "./model-parameters.ts";
import { sourceOfNode } from "./source-of-node.ts";
import { jinjaLiteral, whenOf } from "./when-of.ts";
import { namesIn, writePrompty } from "./write-prompty.ts";
import { writeTrims } from "./write-trims.ts";

/** What converting any node of a flow needs. */
export interface ConvertContext {
  dag: Dag;
  names: FlowNames;
  source: ImportSource;
  findings: Findings;
}

interface ConvertedTemplate {
  text: string;
  /** Whether it opens a message, itself or by a template that is written into it. */
  opens: boolean;
  /** Values that the nodes were given in `flow.dag.yaml` itself. */
  constants: Map<string, unknown>;
}

const NO_SETTINGS: ModelSettings = { provider: "azure_openai", model: undefined, parameters: {} };

/** A node, or a variant of it, as a `.prompty` file. Undefined where its template cannot be read. */
export async function convertNode(
  node: NodeBody,
  name: string,
  alsoUsed: ReadonlySet<string>,
  context: ConvertContext,
): Promise<string | undefined> {
  const { dag, names, findings } = context;
  const template = await templateOf(node, context, []);
  if (template === undefined) return undefined;
  // A prompt node has inputs of its template alone, whatever they are called.
  const settings = asksModel(node) ? modelSettings(node, name, dag.file, findings) : NO_SETTINGS;
  return writePrompty(
    {
      name,
      settings,
      template: template.opens ? template.text : withUserMessage(template.text),
      constants: template.constants,
      alsoUsed,
    },
    dag,
    names,
  );
}

/** The node's template over the names of the flow, with the templates of prompt nodes written into it. */
async function templateOf(
  node: NodeBody,
  context: ConvertContext,
  parents: NodeBody[],
): Promise<ConvertedTemplate | undefined> {
  const { dag, names, source, findings } = context;
  const read = await sourceOfNode(node, dag, source, findings);
  if (read === undefined || parents.includes(node)) return undefined;
  let text = read.text;
  for (const { name, value } of node.inputs) {
    const history =
      value.kind === "input" && dag.inputs.some((input) => input.name === value.name && input.isChatHistory);
    if (!history || !/^\w+$/.test(name)) continue;
    const converted = convertHistory(text, name);
    for (const { offset, message } of converted.problems) {
      const remedy = "In Flowgate each item of a history is one message: use its role and content.";
      findings.warning(read.file, positionAt(read.text, offset), message, remedy);
    }
    text = converted.text;
  }
  const custom = /^##[ \t]*(?:name|content|tool_calls|tool_call_id)[ \t]*:/m.exec(text);
  if (custom !== null && asksModel(node)) {
    const place = positionAt(text, custom.index);
    const message = `${custom[0]} is Prompt Flow's own way to write parts of a message.`;
    findings.warning(
      read.file,
      place,
      message,
      'Write the name as user[name="..."]: and the content below it.',
    );
  }
  let opens = hasMarker(text);
  const written = new Set(namesIn(text));
  const bindings = new Map<string, Binding>();
  const constants = new Map<string, unknown>();
  const reserved = new Set([
    ...dag.inputs.map(({ name }) => names.input(name)),
    ...dag.nodes.map(({ name }) => names.step(name)),
  ]);
  for (const { name, value, place } of node.inputs) {
    if (!written.has(name) || (asksModel(node) && isModelInput(name))) continue;
    if (value.kind === "literal") {
      if (reserved.has(name))
        bindings.set(name, { kind: "expression", text: `(${jinjaLiteral(value.value)})` });
      else if (value.value !== null && value.value !== "") constants.set(name, value.value);
      continue;
    }
    const producer = value.kind === "node" ? dag.nodes.find((other) => other.name === value.name) : undefined;
    if (producer?.type !== "prompt") {
      bindings.set(name, { kind: "expression", text: names.expression(value) ?? name });
      continue;
    }
    const inner = await templateOf(producer, context, [...parents, node]);
    if (inner === undefined) return undefined;
    for (const [constant, given] of inner.constants) {
      const clash = constants.has(constant) || node.inputs.some((other) => other.name === constant);
      if (clash) {
        const message = `${producer.name} and the node that uses it both have an input ${constant}.`;
        findings.warning(dag.file, place, message, "Rename one of the two in its template.");
      }
      constants.set(constant, given);
    }
    opens ||= inner.opens;
    bindings.set(name, { kind: "template", text: conditional(producer, inner.text, names) });
  }
  try {
    return { text: convertTemplate(writeTrims(text), bindings), opens, constants };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    findings.error(
      read.file,
      positionAt(text, error.offset ?? 0),
      error.message,
      "Correct the template, and import again.",
    );
    return undefined;
  }
}

function conditional(node: DagNode, template: string, names: FlowNames): string {
  const when = whenOf(node, names);
  const text = template.replace(/\n+$/, "");
  return when === undefined ? text : `{% if ${when} %}${text}{% endif %}`;
}
