import { interpolated, literal, type SegmentOrigin } from "../segment.ts";
import { assign } from "./assign.ts";
import { createSelf, runBlock } from "./blocks.ts";
import { ExpressionEvaluator } from "./evaluate-expression.ts";
import { forgetSets } from "./forget-sets.ts";
import { givenScope } from "./given-variables.ts";
import { hiddenNames, type HiddenNames } from "./hidden-names.ts";
import { LimitError } from "./limit-error.ts";
import { Budget, MAX_DEPTH } from "./limits.ts";
import { createMacro } from "./macro.ts";
import { roleOwner } from "./role-owner.ts";
import { runLoop } from "./run-loop.ts";
import { hideNames, innerScope, type Scope } from "./scope.ts";
import type { Expression, Statement } from "./syntax-tree.ts";
import { placedAt, TemplateError } from "./template-error.ts";
import type { Output, TemplateRunner } from "./template-runner.ts";
import type { Trial } from "./trial.ts";
import { escapeMarkup, Markup } from "./values/markup.ts";
import { textOf } from "./values/repr.ts";
import { isTrue } from "./values/truth.ts";
import { UnknownValue } from "./values/unknown.ts";
import type { Origin } from "./word-origins.ts";

type StatementOf<Type extends Statement["type"]> = Extract<Statement, { type: Type }>;

/** One rendering of a template, with all that changes while it runs. */
export class Rendering implements TemplateRunner {
  readonly budget = new Budget();
  readonly #expressions = new ExpressionEvaluator(this.budget);
  readonly #template: Statement[];
  readonly #origins: ReadonlyMap<Statement, Origin>;
  readonly #trial: Trial | undefined;
  readonly #hidden: HiddenNames;
  /** What the template sets at its top. */
  readonly #root: Scope;
  #depth = 0;
  /** Whether something of the text was passed over that is being built to compute with. */
  #isPartial = false;

  constructor(
    template: Statement[],
    inputs: Readonly<Record<string, unknown>>,
    origins: ReadonlyMap<Statement, Origin>,
    trial: Trial | undefined,
  ) {
    this.#template = template;
    this.#origins = origins;
    this.#trial = trial;
    this.#hidden = hiddenNames(template);
    this.#root = innerScope(givenScope(inputs, this.budget, () => createSelf(template, this.#root, this)));
  }

  run(output: Output): void {
    this.runBody(this.#template, this.#root, output);
  }

  evaluate(expression: Expression, scope: Scope): unknown {
    return this.#expressions.evaluate(expression, scope);
  }

  runAll(statements: Statement[], scope: Scope, output: Output): void {
    for (const statement of statements) {
      try {
        this.#run(statement, scope, output);
      } catch (error) {
        const placed = placedAt(error, statement.at);
        if (!this.#isPassable(placed)) throw placed;
        this.#passOver(statement, scope);
      }
    }
  }

  runBody(body: Statement[], scope: Scope, output: Output): void {
    hideNames(scope, this.#hidden.get(body));
    this.runAll(body, scope, output);
  }

  textOf(write: (output: Output) => void): string {
    const parts: string[] = [];
    let size = 0;
    const wasPartial = this.#isPartial;
    this.#isPartial = false;
    let isWhole = false;
    try {
      write(({ text }) => {
        size += text.length;
        this.budget.room(size);
        parts.push(text);
      });
      isWhole = !this.#isPartial;
    } finally {
      this.#isPartial = wasPartial;
    }
    if (!isWhole) throw new UnknownValue();
    return this.budget.text(parts.join(""));
  }

  nested<T>(name: string, work: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new LimitError(`${name} calls itself too often.`);
    try {
      return work();
    } finally {
      this.#depth -= 1;
    }
  }

  /** Whether a trial goes on behind it. */
  #isPassable(error: unknown): boolean {
    if (this.#trial === undefined) return false;
    return error instanceof TemplateError ? this.#trial.fail(error) : error instanceof UnknownValue;
  }

  /** Goes on behind a statement that failed, or depends on what is not known. */
  #passOver(statement: Statement, scope: Scope): void {
    this.#trial?.passOver(forgetSets(statement, scope, this.budget));
    this.#isPartial = true;
  }

  #run(statement: Statement, scope: Scope, output: Output): void {
    this.budget.spend();
    switch (statement.type) {
      case "text":
        return output(literal(statement.text));
      case "output":
        return this.#print(statement, scope, output);
      case "if":
        return this.runAll(this.#branchOf(statement, scope), scope, output);
      case "for":
        return runLoop(statement, scope, output, this);
      case "set":
        return assign(statement.target, this.evaluate(statement.value, scope), scope, this.budget);
      case "set-block":
        return assign(statement.target, this.#filtered(statement, scope), scope, this.budget);
      case "with": {
        const inner = innerScope(scope);
        for (const { target, value } of statement.assignments) {
          assign(target, this.evaluate(value, scope), inner, this.budget);
        }
        return this.runBody(statement.body, inner, output);
      }
      case "macro":
        scope.variables.set(statement.name, createMacro(statement, scope, this));
        return undefined;
      case "call-block":
        return this.#runCall(statement, scope, output);
      case "filter-block":
        return output(interpolated(textOf(this.#filtered(statement, scope), this.budget), undefined));
      case "block":
        return runBlock(statement, scope, this.#root, output, this);
      case "autoescape": {
        const inner = { ...innerScope(scope), escaping: isTrue(this.evaluate(statement.value, scope)) };
        return this.runBody(statement.body, inner, output);
      }
    }
  }

  #branchOf({ branches, otherwise }: StatementOf<"if">, scope: Scope): Statement[] {
    for (const { test, body } of branches) if (isTrue(this.evaluate(test, scope))) return body;
    return otherwise;
  }

  /** `{{ value }}`. Of a recursive loop that is called here the author's text stays known as the author's. */
  #print(statement: StatementOf<"output">, scope: Scope, output: Output): void {
    const expression = statement.value;
    if (expression.type !== "call")
      return this.#printValue(statement, this.evaluate(expression, scope), scope, output);
    this.budget.spend();
    try {
      const { callee, given } = this.#expressions.callable(expression, scope);
      if (callee.render !== undefined) callee.render(given, output);
      else this.#printValue(statement, this.#expressions.call(callee, given, scope), scope, output);
    } catch (error) {
      throw placedAt(error, expression.at);
    }
  }

  #printValue(statement: StatementOf<"output">, value: unknown, scope: Scope, output: Output): void {
    try {
      const text = textOf(value, this.budget);
      const shown = scope.escaping && !(value instanceof Markup) ? escapeMarkup(text) : text;
      output(interpolated(shown, statement.path, this.#originOf(statement, value, scope)));
    } catch (error) {
      throw placedAt(error, statement.value.at);
    }
  }

  #originOf(statement: StatementOf<"output">, value: unknown, scope: Scope): SegmentOrigin | undefined {
    const origin = segmentOrigin(this.#origins.get(statement), value);
    if (origin?.kind !== "words" || origin.inputs.length === 0) return origin;
    const owner = roleOwner(statement.value);
    return owner === undefined ? origin : { ...origin, item: this.evaluate(owner, scope) };
  }

  #runCall({ call, parameters, body }: StatementOf<"call-block">, scope: Scope, output: Output): void {
    const caller = createMacro({ name: undefined, parameters, body }, scope, this);
    try {
      const { callee, given } = this.#expressions.callable(call, scope);
      const named = new Map([...given.named, ["caller", caller] as const]);
      const result = this.#expressions.call(callee, { values: given.values, named }, scope);
      output(interpolated(textOf(result, this.budget), undefined));
    } catch (error) {
      throw placedAt(error, call.at);
    }
  }

  /** What a block's text becomes through its filters. */
  #filtered(block: StatementOf<"set-block" | "filter-block">, scope: Scope): unknown {
    const inner = innerScope(scope);
    const text = this.textOf((output) => this.runBody(block.body, inner, output));
    const marked = (value: unknown): unknown =>
      scope.escaping && !(value instanceof Markup) ? new Markup(textOf(value, this.budget)) : value;
    let value = marked(text);
    for (const filter of block.filters) value = this.#expressions.filter(filter, value, inner);
    return marked(value);
  }
}

function segmentOrigin(origin: Origin | undefined, value: unknown): SegmentOrigin | undefined {
  if (origin?.kind === "words") return origin;
  if (origin?.kind === "list" && Array.isArray(value))
    return { kind: "items", inputs: origin.inputs, items: value };
  return origin?.kind === "item" ? { kind: "items", inputs: origin.inputs, items: [value] } : undefined;
}
