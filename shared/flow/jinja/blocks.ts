import { collectBlocks } from "./collect-blocks.ts";
import { innerScope, type Scope } from "./scope.ts";
import type { Statement } from "./syntax-tree.ts";
import { TemplateError } from "./template-error.ts";
import type { Output, TemplateRunner } from "./template-runner.ts";
import { Callable, TemplateObject } from "./values/callable.ts";

type Block = Extract<Statement, { type: "block" }>;

/**
 * Renders a block. Nothing extends a prompt, so each is rendered where it stands, and by `self.name()`. It sees what the
 * template set at its top, in `root`, and the loops around it only where it is `scoped`.
 */
export function runBlock(
  block: Block,
  scope: Scope,
  root: Scope,
  output: Output,
  runner: TemplateRunner,
): void {
  if (block.required) {
    throw new TemplateError(`The block ${block.name} is required, and nothing fills it in.`, block.at);
  }
  const inner = { ...innerScope(block.scoped ? scope : root), escaping: false };
  runner.nested(`The block ${block.name}`, () => runner.runAll(block.body, inner, output));
}

/** `self`, of which each block of the template is a method. */
export function createSelf(template: Statement[], root: Scope, runner: TemplateRunner): TemplateObject {
  const blocks = collectBlocks(template);
  return new TemplateObject("self", {
    text: () => "<TemplateReference 'prompt'>",
    field(name) {
      const block = blocks.get(name);
      if (block === undefined) return undefined;
      return new Callable(name, () => runner.textOf((output) => runBlock(block, root, root, output, runner)));
    },
  });
}
