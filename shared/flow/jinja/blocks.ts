import { collectBlocks } from "./collect-blocks.ts";
import { innerScope, type Scope } from "./scope.ts";
import type { Statement } from "./syntax-tree.ts";
import { TemplateError } from "./template-error.ts";
import type { Output, TemplateRunner } from "./template-runner.ts";
import { Callable, TemplateObject } from "./values/callable.ts";

type Block = Extract<Statement, { type: "block" }>;

/** The blocks of a template. Nothing extends a prompt, so each is rendered where it stands, and by `self.name()`. */
export interface Blocks {
  self: TemplateObject;
  run(block: Block, scope: Scope, output: Output): void;
}

export function createBlocks(template: Statement[], root: Scope, runner: TemplateRunner): Blocks {
  const blocks = collectBlocks(template);

  /** A block sees what the template set at its top, and the loops around it only where it is `scoped`. */
  function run(block: Block, scope: Scope, output: Output): void {
    if (block.required) {
      throw new TemplateError(`The block ${block.name} is required, and nothing fills it in.`, block.at);
    }
    const inner = { ...innerScope(block.scoped ? scope : root), escaping: false };
    runner.nested(`The block ${block.name}`, () => runner.runAll(block.body, inner, output));
  }

  const self = new TemplateObject("self", {
    text: () => "<TemplateReference 'prompt'>",
    field(name) {
      const block = blocks.get(name);
      if (block === undefined) return undefined;
      return new Callable(name, () => runner.textOf((output) => run(block, root, output)));
    },
  });
  return { self, run };
}
