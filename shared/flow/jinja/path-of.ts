import type { Expression } from "./syntax-tree.ts";

/** `customer.name` of an expression that is nothing but a path. */
export function pathOf(expression: Expression): string | undefined {
  if (expression.type === "name") return expression.name;
  if (expression.type !== "attribute" && expression.type !== "item") return undefined;
  const object = pathOf(expression.object);
  if (object === undefined) return undefined;
  if (expression.type === "attribute") return `${object}.${expression.name}`;
  return `${object}.${expression.index.type === "literal" ? String(expression.index.value) : "*"}`;
}
