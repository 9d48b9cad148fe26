/** What a value in a `flow.dag.yaml` stands for: a flow input, a node's output, or itself. */
export type DagValue =
  | { kind: "input"; name: string; rest: string }
  | { kind: "node"; name: string; rest: string }
  | { kind: "literal"; value: unknown };

const REFERENCE = /^\$\{\s*([^}]*?)\s*\}$/;
/** What may follow a name: fields and indexes, which Jinja writes the same way. */
const REST = /^(?:\.\w+|\[\d+\]|\[(?:'[^'\]]*'|"[^"\]]*")\])*$/;

/**
 * Reads `${inputs.x}`, its older form `${flow.x}`, and `${node.output}` or `${node.output.field}`, whole values only
 * as Prompt Flow has it. `rest` is what follows the name or the output, such as `.field`; anything else is literal.
 */
export function readReference(value: unknown): DagValue {
  const inner = typeof value === "string" ? REFERENCE.exec(value.trim())?.[1] : undefined;
  if (inner === undefined) return { kind: "literal", value };
  const input = /^(?:inputs|flow)\.([\w-]+)(.*)$/.exec(inner);
  if (input !== null && REST.test(input[2] ?? "")) {
    return { kind: "input", name: input[1] ?? "", rest: input[2] ?? "" };
  }
  const node = /^([^.[\]]+?)(?:\.outputs?(.*))?$/.exec(inner);
  if (node !== null && REST.test(node[2] ?? "")) {
    return { kind: "node", name: node[1] ?? "", rest: node[2] ?? "" };
  }
  return { kind: "literal", value };
}
