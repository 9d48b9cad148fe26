interface SchemaNode {
  description?: string;
  default?: unknown;
  properties?: Record<string, SchemaNode>;
  anyOf?: SchemaNode[];
  items?: SchemaNode;
}

/** Metrics and evaluators have a table of their own, docs/evaluators.md; these are the gate's own words. */
const GATE_WORDS = ["judge", "fairness"];
/** Every parameter of a model may be varied; docs/variants.md lists them. */
const VARIANTS = ["prompt", "model", "temperature"];

/** Every key of `flow.yaml` as a Markdown table, from the schema that editors complete by. */
export function flowReference(schema: object): string {
  const lines = keysOf(schema as SchemaNode, "").map(
    ({ key, node }) => `| \`${key}\` | ${cell(node.description ?? "")} | ${defaultOf(node)} |`,
  );
  return ["| key | what it says | unset |", "| --- | --- | --- |", ...lines].join("\n");
}

function keysOf(node: SchemaNode, prefix: string): { key: string; node: SchemaNode }[] {
  return Object.entries(propertiesOf(node)).flatMap(([name, child]) => {
    if (prefix === "" && name === "$schema") return [];
    if (prefix === "evaluation.evaluators.") return [];
    if (prefix === "gate." && !GATE_WORDS.includes(name)) return [];
    if (prefix === "variants." && !VARIANTS.includes(name)) return [];
    const key = `${prefix}${name}`;
    return [{ key, node: child }, ...keysOf(child, `${key}.`)];
  });
}

/** Of an object, of the items of a list, and of every form that a value may have. */
function propertiesOf({ properties, anyOf = [], items }: SchemaNode): Record<string, SchemaNode> {
  const forms = [...anyOf, ...(items ? [items] : [])].map(propertiesOf);
  return Object.assign({}, ...forms, properties) as Record<string, SchemaNode>;
}

function defaultOf(node: SchemaNode): string {
  if (node.default === undefined) return "";
  const text = Array.isArray(node.default) ? node.default.join(", ") : JSON.stringify(node.default);
  return cell(text.replaceAll('"', ""));
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
