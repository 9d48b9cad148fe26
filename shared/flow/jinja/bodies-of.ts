import type { Statement } from "./syntax-tree.ts";

/** The statements directly inside a statement. */
export function bodiesOf(statement: Statement): Statement[][] {
  switch (statement.type) {
    case "text":
    case "output":
    case "set":
      return [];
    case "if":
      return [...statement.branches.map(({ body }) => body), statement.otherwise];
    case "for":
      return [statement.body, statement.otherwise];
    default:
      return [statement.body];
  }
}
