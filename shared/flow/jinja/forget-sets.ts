import { bodiesOf } from "./bodies-of.ts";
import type { Budget } from "./limits.ts";
import type { Scope } from "./scope.ts";
import type { Statement, Target } from "./syntax-tree.ts";
import { UNKNOWN } from "./values/unknown.ts";

/** A template is rendered for many rows and looked through once. */
const ANALYSED = new WeakMap<Statement, readonly Target[]>();

/**
 * What a statement that is passed over may have set is not known from there on, the namespaces it changes included.
 * Returns whether that is more than the one name of a `set`.
 */
export function forgetSets(statement: Statement, scope: Scope, budget: Budget): boolean {
  const targets = ANALYSED.get(statement) ?? targetsIn(statement);
  ANALYSED.set(statement, targets);
  budget.spend(targets.length);
  for (const target of targets) forget(target, scope);
  return targets.length > 0 && !(statement.type === "set" && statement.target.type === "name");
}

function targetsIn(statement: Statement): Target[] {
  const inside = bodiesOf(statement).flatMap((body) => body.flatMap(targetsIn));
  if (statement.type === "set" || statement.type === "set-block") inside.push(statement.target);
  if (statement.type === "macro") inside.push({ type: "name", name: statement.name, at: statement.at });
  return inside;
}

function forget(target: Target, scope: Scope): void {
  if (target.type === "names") return target.targets.forEach((inner) => forget(inner, scope));
  let owner: Scope | undefined = scope;
  if (target.type === "namespace")
    while (owner !== undefined && !owner.variables.has(target.name)) owner = owner.parent;
  (owner ?? scope).variables.set(target.name, UNKNOWN);
}
