import { collectNames, type NameUse } from "./jinja/collect-names.ts";
import { ExpressionEvaluator } from "./jinja/evaluate-expression.ts";
import { givenScope } from "./jinja/given-variables.ts";
import { Budget } from "./jinja/limits.ts";
import { parseTemplate } from "./jinja/parse-template.ts";
import type { Expression } from "./jinja/syntax-tree.ts";
import { TemplateError } from "./jinja/template-error.ts";
import type { Trial } from "./jinja/trial.ts";
import { plainOf } from "./jinja/values/plain.ts";
import { isTrue } from "./jinja/values/truth.ts";
import { compileTemplate } from "./compile-template.ts";
import { textOf } from "./parse-messages.ts";

/** Something that is worked out from inputs. */
export interface Compiled<T> {
  /** Throws `TemplateError`; of a text with expressions in it a `trial` takes what fails in them. */
  evaluate(inputs: Record<string, unknown>, trial?: Trial): T;
  /** What it takes from its inputs. */
  names: Pick<NameUse, "name" | "guarded">[];
}

/** A condition: a Jinja2 expression, also written as `{{ expression }}`. Throws `TemplateError`. */
export function compileCondition(source: string): Compiled<boolean> {
  const written = source.trim();
  const bare = !written.startsWith("{{");
  const expression = bare ? bareExpression(written) : onlyExpression(written);
  if (expression === undefined) {
    throw new TemplateError("A condition is one expression, such as: question | length > 20.");
  }
  const { evaluate, names } = compiled(expression);
  return { evaluate: (inputs) => isTrue(evaluate(inputs)), names };
}

/** A template whose value is a text, or, where it is a single `{{ expression }}`, that of the expression. */
export function compileValue(source: string): Compiled<unknown> {
  const expression = onlyExpression(source);
  if (expression !== undefined) return compiled(expression);
  const { render, names } = compileTemplate(source, "jinja2");
  return { evaluate: (inputs, trial) => textOf(render(inputs, trial)), names };
}

/** An expression without the braces around it, of which an error therefore says nothing. */
function bareExpression(written: string): Expression | undefined {
  try {
    return onlyExpression(`{{ ${written} }}`);
  } catch (error) {
    if (!(error instanceof TemplateError) || error.offset !== 0) throw error;
    throw new TemplateError("The condition ends before its brackets are closed, or is too long.", 0);
  }
}

function onlyExpression(source: string): Expression | undefined {
  const [first, ...others] = parseTemplate(source);
  return first?.type === "output" && others.length === 0 ? first.value : undefined;
}

function compiled(expression: Expression): Compiled<unknown> {
  return {
    names: bounded(() =>
      collectNames([{ type: "output", value: expression, path: undefined, at: 0 }], false),
    ),
    evaluate: (inputs) => {
      const budget = new Budget();
      const scope = givenScope(inputs, budget);
      return bounded(() => {
        const value = new ExpressionEvaluator(budget).evaluate(expression, scope);
        return plainOf(value, budget);
      });
    },
  };
}

/** A chain of thousands of operators outgrows the stack; that is the expression's fault, not the process's. */
function bounded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw new TemplateError("The expression is too long.");
    throw error;
  }
}
