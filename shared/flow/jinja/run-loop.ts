import type { CallArguments } from "./values/call-arguments.ts";
import { assign } from "./assign.ts";
import { filteredSource, itemSource } from "./item-source.ts";
import { Loop } from "./loop.ts";
import { innerScope, type Scope } from "./scope.ts";
import type { Expression, Statement } from "./syntax-tree.ts";
import { TemplateError } from "./template-error.ts";
import type { Output, TemplateRunner } from "./template-runner.ts";
import { Markup } from "./values/markup.ts";
import { isTrue } from "./values/truth.ts";
import { typeName } from "./values/type-name.ts";

/** A round of a loop costs as much as evaluating so many nodes, also when its body is empty. */
const ROUND_COST = 3;

type For = Extract<Statement, { type: "for" }>;

/** A loop's statement where it is run. */
interface LoopRun {
  statement: For;
  scope: Scope;
  runner: TemplateRunner;
}

/** Runs a loop's body for each item, or what stands after `else` where there is none. */
export function runLoop(statement: For, scope: Scope, output: Output, runner: TemplateRunner): void {
  runRounds({ statement, scope, runner }, runner.evaluate(statement.items, scope), 0, output);
}

function runRounds(run: LoopRun, value: unknown, depth: number, output: Output): void {
  const { statement, scope, runner } = run;
  const { budget } = runner;
  const all = itemSource(value, budget);
  if (all === undefined) {
    throw new TemplateError(`${typeName(value)} cannot be looped over.`, statement.items.at);
  }
  const source = statement.filter === undefined ? all : filteredSource(all, condition(statement.filter, run));
  const loop = new Loop(source, { depth, recurse: recursion(run, depth + 1) }, budget);
  let item = loop.advance();
  if (item === undefined) return runner.runBody(statement.otherwise, innerScope(scope), output);
  for (; item !== undefined; item = loop.advance()) {
    budget.spend(ROUND_COST);
    const inner = innerScope(scope);
    inner.variables.set("loop", loop.variable);
    assign(statement.target, item[0], inner, budget);
    runner.runBody(statement.body, inner, output);
  }
}

/** Whether the loop's own `if` holds for an item. */
function condition(filter: Expression, { statement, scope, runner }: LoopRun): (item: unknown) => boolean {
  return (item) => {
    runner.budget.spend();
    const inner = innerScope(scope);
    assign(statement.target, item, inner, runner.budget);
    return isTrue(runner.evaluate(filter, inner));
  };
}

/** `loop(items)` runs the whole loop over other items, one level deeper. */
function recursion(run: LoopRun, depth: number): ConstructorParameters<typeof Loop>[1]["recurse"] {
  const { statement, runner } = run;
  if (!statement.recursive) return undefined;
  const render = (given: CallArguments, output: Output): void => {
    const [value] = given.values;
    if (given.values.length !== 1) throw new TemplateError("loop(...) takes the items to loop over.");
    runner.nested("The loop", () => runRounds(run, value, depth, output));
  };
  return {
    render,
    call(given, escaping) {
      const text = runner.textOf((output) => render(given, output));
      return escaping ? new Markup(text) : text;
    },
  };
}
