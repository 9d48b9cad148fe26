import type { Budget } from "./limits.ts";
import { lookUp, type Scope } from "./scope.ts";
import type { Target } from "./syntax-tree.ts";
import { TemplateError } from "./template-error.ts";
import { itemsOf } from "./values/items-of.ts";
import { Namespace } from "./values/namespace.ts";
import { typeName } from "./values/type-name.ts";

/** Writes a value to a name, to several that take it apart, or to an attribute of a namespace. */
export function assign(target: Target, value: unknown, scope: Scope, budget: Budget): void {
  if (target.type === "name") {
    scope.variables.set(target.name, value);
  } else if (target.type === "namespace") {
    const namespace = lookUp(scope, target.name);
    if (!(namespace instanceof Namespace)) {
      throw new TemplateError(
        `${target.name} is not a namespace(): its attributes cannot be set.`,
        target.at,
      );
    }
    namespace.attributes.set(target.attribute, value);
  } else {
    const items = value === undefined ? [] : itemsOf(value, budget);
    if (items?.length !== target.targets.length) {
      throw new TemplateError(
        `${target.targets.length} names cannot take ${typeName(value)} apart.`,
        target.at,
      );
    }
    target.targets.forEach((inner, index) => assign(inner, items[index], scope, budget));
  }
}
