import { bodiesOf } from "./bodies-of.ts";
import type { Statement } from "./syntax-tree.ts";
import { TemplateError } from "./template-error.ts";

type Block = Extract<Statement, { type: "block" }>;

/** The blocks of a template by their names, also those inside others. Throws where two have one name. */
export function collectBlocks(template: Statement[]): ReadonlyMap<string, Block> {
  const blocks = new Map<string, Block>();
  const walk = (statement: Statement): void => {
    if (statement.type === "block") {
      if (blocks.has(statement.name)) {
        throw new TemplateError(`There are two blocks named ${statement.name}.`, statement.at);
      }
      blocks.set(statement.name, statement);
    }
    for (const body of bodiesOf(statement)) body.forEach(walk);
  };
  template.forEach(walk);
  return blocks;
}
