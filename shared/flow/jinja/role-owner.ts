import type { Expression } from "./syntax-tree.ts";

/** The name whose field `role` is printed, whatever filters it goes through: `m` of `{{ m.role | lower }}`. */
export function roleOwner(expression: Expression): Expression | undefined {
  if (expression.type === "filter") return roleOwner(expression.input);
  const named =
    (expression.type === "attribute" && expression.name === "role") ||
    (expression.type === "item" && expression.index.type === "literal" && expression.index.value === "role");
  return named && expression.object.type === "name" ? expression.object : undefined;
}
