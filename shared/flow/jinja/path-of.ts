import type { Expression } from "./syntax-tree.ts";

/** `customer.name` of an expression that is nothing but a path. */
export function pathOf(expression: Expression): string | undefined {
  const steps: string[] = [];
  let at = expression;
  for (; at.type === "attribute" || at.type === "item"; at = at.object) {
    steps.push(
      at.type === "attribute" ? at.name : at.index.type === "literal" ? String(at.index.value) : "*",
    );
  }
  return at.type === "name" ? [at.name, ...steps.reverse()].join(".") : undefined;
}
