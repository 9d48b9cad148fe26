import { interpolated, literal, type Segment, type SegmentOrigin } from "../segment.ts";
import { assign } from "./assign.ts";
import { createBlocks } from "./blocks.ts";
import { createExpressionEvaluator } from "./evaluate-expression.ts";
import { forgetSets } from "./forget-sets.ts";
import { globalFunctions } from "./globals.ts";
import { createBudget, MAX_DEPTH, MAX_TEXT } from "./limits.ts";
import { LimitError } from "./limit-error.ts";
import { createMacro } from "./macro.ts";
import { pathOf } from "./path-of.ts";
import { runLoop } from "./run-loop.ts";
import { hiddenNames } from "./hidden-names.ts";
import { hideNames, innerScope, type Scope } from "./scope.ts";
import type { Statement } from "./syntax-tree.ts";
import { TemplateError } from "./template-error.ts";
import type { Output, TemplateRunner } from "./template-runner.ts";
import { escapeMarkup, Markup } from "./values/markup.ts";
import { textOf } from "./values/repr.ts";
import { isTrue } from "./values/truth.ts";
import type { Trial } from "./trial.ts";
import { UnknownValue } from "./values/unknown.ts";
import { roleOwner } from "./role-owner.ts";
import type { Origin } from "./word-origins.ts";

/**
 * Renders a parsed template as stock Jinja2 does in its immutable sandbox (nothing escaped, the last newline kept),
 * with one lenience: a dict's field wins over its method. Ends in bounded time and memory. `origins` tells of outputs
 * what `traceRoles` found. Throws `TemplateError` at the first failure; with a `trial`, at what ends the rendering.
 */
export function renderTemplate(
  template: Statement[],
  inputs: Readonly<Record<string, unknown>>,
  origins: ReadonlyMap<Statement, Origin> = new Map(),
  trial?: Trial,
): Segment[] {
  try {
    return render(template, inputs, origins, trial);
  } catch (error) {
    // A chain of thousands of operators outgrows the stack; that is the template's fault, not the process's.
    if (error instanceof RangeError)
      throw new TemplateError("An expression of the template is too long, or a value is nested too deep.");
    throw error;
  }
}

function render(
  template: Statement[],
  inputs: Readonly<Record<string, unknown>>,
  origins: ReadonlyMap<Statement, Origin>,
  trial: Trial | undefined,
): Segment[] {
  const segments: Segment[] = [];
  let length = 0;
  const output: Output = (segment) => {
    length += segment.text.length;
    if (length > MAX_TEXT) throw new LimitError(`The template renders more than ${MAX_TEXT} characters.`);
    const last = segments.at(-1);
    if (segment.kind === "literal" && last?.kind === "literal") last.text += segment.text;
    else segments.push({ ...segment });
  };
  const budget = createBudget();
  const expressions = createExpressionEvaluator(budget);
  const globals: Scope = {
    variables: globalFunctions(budget),
    parent: undefined,
    escaping: false,
  };
  const context = innerScope(globals);
  for (const [name, value] of Object.entries(inputs)) context.variables.set(name, value);
  const root = innerScope(context);
  const hidden = hiddenNames(template);
  let depth = 0;
  /** Whether something of the text was passed over that is being built to compute with. */
  let isPartial = false;

  const runner: TemplateRunner = {
    budget,
    evaluate: (expression, scope) => expressions.evaluate(expression, scope),
    runAll(statements, scope, out) {
      for (const statement of statements) {
        try {
          run(statement, scope, out);
        } catch (error) {
          const placed = error instanceof TemplateError ? error.placed(statement.at) : error;
          if (!isPassable(placed)) throw placed;
          passOver(statement, scope);
        }
      }
    },
    runBody(body, scope, out) {
      hideNames(scope, hidden.get(body));
      runner.runAll(body, scope, out);
    },
    textOf(write) {
      const parts: string[] = [];
      let size = 0;
      const wasPartial = isPartial;
      isPartial = false;
      let isWhole = false;
      try {
        write(({ text }) => {
          size += text.length;
          budget.room(size);
          parts.push(text);
        });
        isWhole = !isPartial;
      } finally {
        isPartial = wasPartial;
      }
      if (!isWhole) throw new UnknownValue();
      return budget.text(parts.join(""));
    },
    nested(name, work) {
      depth += 1;
      if (depth > MAX_DEPTH) throw new LimitError(`${name} calls itself too often.`);
      try {
        return work();
      } finally {
        depth -= 1;
      }
    },
  };
  const { evaluate, runAll, runBody } = runner;
  const blocks = createBlocks(template, root, runner);
  context.variables.set("self", blocks.self);

  /** Whether a trial goes on behind it. */
  function isPassable(error: unknown): boolean {
    if (trial === undefined) return false;
    return error instanceof TemplateError ? trial.fail(error) : error instanceof UnknownValue;
  }

  /** Goes on behind a statement that failed, or depends on what is not known. */
  function passOver(statement: Statement, scope: Scope): void {
    trial?.passOver(forgetSets(statement, scope, budget));
    isPartial = true;
  }

  function run(statement: Statement, scope: Scope, out: Output): void {
    budget.spend();
    switch (statement.type) {
      case "text":
        return out(literal(statement.text));
      case "output":
        return print(statement, scope, out);
      case "if": {
        const branch = statement.branches.find(({ test }) => isTrue(evaluate(test, scope)));
        return runAll(branch?.body ?? statement.otherwise, scope, out);
      }
      case "for":
        return runLoop(statement, scope, out, runner);
      case "set":
        return assign(statement.target, evaluate(statement.value, scope), scope, budget);
      case "set-block":
        return assign(statement.target, filtered(statement, scope), scope, budget);
      case "with": {
        const inner = innerScope(scope);
        for (const { target, value } of statement.assignments) {
          assign(target, evaluate(value, scope), inner, budget);
        }
        return runBody(statement.body, inner, out);
      }
      case "macro":
        scope.variables.set(statement.name, createMacro(statement, scope, runner));
        return undefined;
      case "call-block":
        return runCall(statement, scope, out);
      case "filter-block":
        return out(interpolated(textOf(filtered(statement, scope), budget), undefined));
      case "block":
        return blocks.run(statement, scope, out);
      case "autoescape": {
        const inner = { ...innerScope(scope), escaping: isTrue(evaluate(statement.value, scope)) };
        return runBody(statement.body, inner, out);
      }
    }
  }

  /** `{{ value }}`. Of a recursive loop that is called here the author's text stays known as the author's. */
  function print(statement: Extract<Statement, { type: "output" }>, scope: Scope, out: Output): void {
    const expression = statement.value;
    if (expression.type !== "call") return printValue(statement, evaluate(expression, scope), scope, out);
    budget.spend();
    expressions.located(expression, () => {
      const { callee, given } = expressions.callable(expression, scope);
      if (callee.render !== undefined) callee.render(given, out);
      else printValue(statement, expressions.call(callee, given, scope), scope, out);
    });
  }

  function printValue(
    statement: Extract<Statement, { type: "output" }>,
    value: unknown,
    scope: Scope,
    out: Output,
  ): void {
    expressions.located(statement.value, () => {
      const text = textOf(value, budget);
      const shown = scope.escaping && !(value instanceof Markup) ? escapeMarkup(text) : text;
      const origin = segmentOrigin(origins.get(statement), value);
      const owner = origin?.kind === "words" && origin.inputs.length > 0 && roleOwner(statement.value);
      const told = owner ? { ...origin, item: evaluate(owner, scope) } : origin;
      out(interpolated(shown, pathOf(statement.value), told));
    });
  }

  function runCall(
    { call, parameters, body }: Extract<Statement, { type: "call-block" }>,
    scope: Scope,
    out: Output,
  ): void {
    const caller = createMacro({ name: undefined, parameters, body }, scope, runner);
    expressions.located(call, () => {
      const { callee, given } = expressions.callable(call, scope);
      const named = new Map([...given.named, ["caller", caller] as const]);
      const text = textOf(expressions.call(callee, { values: given.values, named }, scope), budget);
      out(interpolated(text, undefined));
    });
  }

  /** What a block's text becomes through its filters. */
  function filtered(
    block: Extract<Statement, { type: "set-block" | "filter-block" }>,
    scope: Scope,
  ): unknown {
    const inner = innerScope(scope);
    const text = runner.textOf((out) => runBody(block.body, inner, out));
    const marked = (value: unknown): unknown =>
      scope.escaping && !(value instanceof Markup) ? new Markup(textOf(value, budget)) : value;
    let value = marked(text);
    for (const filter of block.filters) value = expressions.filter(filter, value, inner);
    return marked(value);
  }

  runBody(template, root, output);
  return segments;
}

function segmentOrigin(origin: Origin | undefined, value: unknown): SegmentOrigin | undefined {
  if (origin?.kind === "words") return origin;
  if (origin?.kind === "list" && Array.isArray(value))
    return { kind: "items", inputs: origin.inputs, items: value };
  return origin?.kind === "item" ? { kind: "items", inputs: origin.inputs, items: [value] } : undefined;
}
