import type { Expression } from "./syntax-tree.ts";

/** The expressions directly inside an expression, in the order of the text. */
export function partsOf(expression: Expression): Expression[] {
  switch (expression.type) {
    case "literal":
    case "name":
      return [];
    case "attribute":
      return [expression.object];
    case "item":
      return [expression.object, expression.index];
    case "slice":
      return [expression.object, expression.start, expression.stop, expression.step].filter(isGiven);
    case "call":
      return [expression.callee, ...expression.arguments.map(({ value }) => value)];
    case "filter":
      return [expression.input, ...expression.filter.arguments.map(({ value }) => value)];
    case "test":
      return [expression.input, ...expression.arguments.map(({ value }) => value)];
    case "unary":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "comparison":
      return [expression.first, ...expression.rest.map(({ operand }) => operand)];
    case "conditional":
      return [expression.value, expression.test, expression.otherwise].filter(isGiven);
    case "list":
    case "tuple":
      return expression.items;
    default:
      return expression.entries.flatMap(({ key, value }) => [key, value]);
  }
}

function isGiven(part: Expression | undefined): part is Expression {
  return part !== undefined;
}

/** The names that an expression reads. */
export function namesIn(expression: Expression): string[] {
  if (expression.type === "name") return [expression.name];
  return partsOf(expression).flatMap(namesIn);
}
