import type { CallArguments } from "./values/call-arguments.ts";
import { assign } from "./assign.ts";
import { filteredSource, itemSource } from "./item-source.ts";
import { createLoop } from "./loop.ts";
import { innerScope, type Scope } from "./scope.ts";
import type { Statement } from "./syntax-tree.ts";
import { TemplateError } from "./template-error.ts";
import type { Output, TemplateRunner } from "./template-runner.ts";
import { Markup } from "./values/markup.ts";
import { isTrue } from "./values/truth.ts";
import { typeName } from "./values/type-name.ts";

/** A round of a loop costs as much as evaluating so many nodes, also when its body is empty. */
const ROUND_COST = 3;

type For = Extract<Statement, { type: "for" }>;

/** Runs a loop's body for each item, or what stands after `else` where there is none. */
export function runLoop(statement: For, scope: Scope, output: Output, runner: TemplateRunner): void {
  const { budget, evaluate } = runner;

  function rounds(value: unknown, depth: number, out: Output): void {
    const all = itemSource(value, budget);
    if (all === undefined) {
      throw new TemplateError(`${typeName(value)} cannot be looped over.`, statement.items.at);
    }
    const { filter } = statement;
    const holds = (item: unknown): boolean => {
      budget.spend();
      const inner = innerScope(scope);
      assign(statement.target, item, inner, budget);
      return filter !== undefined && isTrue(evaluate(filter, inner));
    };
    const source = filter === undefined ? all : filteredSource(all, holds);
    const loop = createLoop(source, { depth, recurse: recursion(depth + 1) }, budget);
    let item = loop.advance();
    if (item === undefined) return runner.runBody(statement.otherwise, innerScope(scope), out);
    for (; item !== undefined; item = loop.advance()) {
      budget.spend(ROUND_COST);
      const inner = innerScope(scope);
      inner.variables.set("loop", loop.variable);
      assign(statement.target, item[0], inner, budget);
      runner.runBody(statement.body, inner, out);
    }
  }

  /** `loop(items)` runs the whole loop over other items, one level deeper. */
  function recursion(depth: number): Parameters<typeof createLoop>[1]["recurse"] {
    if (!statement.recursive) return undefined;
    const render = (given: CallArguments, out: Output): void => {
      const [value] = given.values;
      if (given.values.length !== 1) throw new TemplateError("loop(...) takes the items to loop over.");
      runner.nested("The loop", () => rounds(value, depth, out));
    };
    return {
      render,
      call(given, escaping) {
        const text = runner.textOf((out) => render(given, out));
        return escaping ? new Markup(text) : text;
      },
    };
  }

  rounds(evaluate(statement.items, scope), 0, output);
}
