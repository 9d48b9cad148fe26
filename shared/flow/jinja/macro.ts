import type { CallArguments } from "./values/call-arguments.ts";
import { namesReadBy } from "./collect-names.ts";
import { innerScope, type Scope } from "./scope.ts";
import type { Parameter, Statement } from "./syntax-tree.ts";
import { TemplateError } from "./template-error.ts";
import type { TemplateRunner } from "./template-runner.ts";
import { Callable } from "./values/callable.ts";
import { Dict } from "./values/dict.ts";
import { Markup } from "./values/markup.ts";
import { tuple } from "./values/tuple.ts";

interface MacroDefinition {
  /** Undefined for the body of `{% call %}`. */
  name: string | undefined;
  parameters: Parameter[];
  body: Statement[];
}

/**
 * A macro, with the scope it was defined in. More arguments than it has parameters are refused unless its body reads
 * `varargs`, unknown names unless it reads `kwargs`, and a caller unless it reads `caller`.
 */
export function createMacro(definition: MacroDefinition, scope: Scope, runner: TemplateRunner): Callable {
  const { parameters, body } = definition;
  const name = definition.name ?? "caller";
  const names = parameters.map((parameter) => parameter.name);
  const used = namesReadBy(body);
  const catches = (word: string): boolean => used.has(word) && !names.includes(word);

  function bind({ values, named }: CallArguments): Scope {
    const inner = innerScope(scope);
    const others = new Map(named);
    for (const key of names) inner.variables.set(key, undefined);
    parameters.forEach((parameter, index) => {
      const isGiven = index < values.length || others.has(parameter.name);
      const given = index < values.length ? values[index] : others.get(parameter.name);
      if (index >= values.length) others.delete(parameter.name);
      const { fallback } = parameter;
      const value = isGiven || fallback === undefined ? given : runner.evaluate(fallback, inner);
      inner.variables.set(parameter.name, value);
    });
    if (catches("caller")) {
      inner.variables.set("caller", others.get("caller"));
      others.delete("caller");
    }
    if (catches("kwargs")) inner.variables.set("kwargs", Dict.of(others));
    else refuse(others);
    if (catches("varargs")) inner.variables.set("varargs", tuple(values.slice(names.length)));
    else if (values.length > names.length) {
      throw new TemplateError(`The macro ${name} takes at most ${names.length} arguments.`);
    }
    return inner;
  }

  function refuse(others: ReadonlyMap<string, unknown>): void {
    const [unknown] = others.keys();
    if (unknown === undefined) return;
    const remedy =
      unknown === "caller" ? "It does not call caller()." : `It has: ${names.join(", ") || "none"}.`;
    throw new TemplateError(`The macro ${name} has no argument ${unknown}. ${remedy}`);
  }

  function field(key: string): unknown {
    switch (key) {
      case "name":
        return definition.name ?? null;
      case "arguments":
        return tuple([...names]);
      case "catch_kwargs":
        return catches("kwargs");
      case "catch_varargs":
        return catches("varargs");
      case "caller":
        return used.has("caller");
      default:
        return undefined;
    }
  }

  return new Callable(
    name,
    (given, escaping) => {
      const text = runner.nested(name, () =>
        runner.textOf((output) => runner.runBody(body, bind(given), output)),
      );
      return escaping ? new Markup(text) : text;
    },
    {
      field,
      text: () => (definition.name === undefined ? "<Macro anonymous>" : `<Macro '${definition.name}'>`),
    },
  );
}
