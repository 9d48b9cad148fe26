/** The names of one scope. */
export interface Variables {
  has(name: string): boolean;
  get(name: string): unknown;
  set(name: string, value: unknown): void;
}

/** Where names are looked up: innermost first. */
export interface Scope {
  variables: Variables;
  parent: Scope | undefined;
  /** Whether it lies in `{% autoescape true %}`. */
  escaping: boolean;
}

/** A scope inside another one. */
export function innerScope(parent: Scope): Scope {
  return { variables: new Map(), parent, escaping: parent.escaping };
}

/** Makes names undefined that the scope does not have, whatever the scopes around it hold. */
export function hideNames(scope: Scope, names: readonly string[] | undefined): void {
  if (names === undefined) return;
  for (const name of names) if (!scope.variables.has(name)) scope.variables.set(name, undefined);
}

export function lookUp(scope: Scope | undefined, name: string): unknown {
  for (let at = scope; at !== undefined; at = at.parent) {
    if (at.variables.has(name)) return at.variables.get(name);
  }
  return undefined;
}
