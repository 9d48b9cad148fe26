import type { DagNode } from "./dag.ts";
import type { FlowNames } from "./flow-names.ts";

/** `activate: { when, is }` of a node as a Jinja expression; undefined where the node always runs. */
export function whenOf({ activate }: DagNode, names: FlowNames): string | undefined {
  if (activate === undefined) return undefined;
  const left =
    names.expression(activate.when) ??
    jinjaLiteral(activate.when.kind === "literal" ? activate.when.value : null);
  return activate.is === null || activate.is === undefined
    ? `${left} is none`
    : `${left} == ${jinjaLiteral(activate.is)}`;
}

/** A value as a template writes it. */
export function jinjaLiteral(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (Array.isArray(value)) return `[${value.map(jinjaLiteral).join(", ")}]`;
  if (typeof value === "object") {
    const entries = Object.entries(value).map(
      ([key, inner]) => `${JSON.stringify(key)}: ${jinjaLiteral(inner)}`,
    );
    return `{${entries.join(", ")}}`;
  }
  return JSON.stringify(value);
}
