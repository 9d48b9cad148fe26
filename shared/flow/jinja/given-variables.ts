import { GLOBAL_NAMES, globalFunction } from "./globals.ts";
import type { Budget } from "./limits.ts";
import type { Scope, Variables } from "./scope.ts";

/** What a rendering is given: `self`, its inputs, and the functions that every template has, made when asked for. */
class GivenVariables implements Variables {
  readonly #inputs: Readonly<Record<string, unknown>>;
  readonly #budget: Budget;
  readonly #self: (() => unknown) | undefined;
  /** What was made, and what the rendering put in the place of an input. */
  #own: Map<string, unknown> | undefined;

  constructor(inputs: Readonly<Record<string, unknown>>, budget: Budget, self: (() => unknown) | undefined) {
    this.#inputs = inputs;
    this.#budget = budget;
    this.#self = self;
  }

  has(name: string): boolean {
    if (this.#own?.has(name) === true || Object.hasOwn(this.#inputs, name)) return true;
    return GLOBAL_NAMES.has(name) || (name === "self" && this.#self !== undefined);
  }

  get(name: string): unknown {
    if (this.#own?.has(name) === true) return this.#own.get(name);
    const isSelf = name === "self" && this.#self !== undefined;
    if (!isSelf && Object.hasOwn(this.#inputs, name)) return this.#inputs[name];
    const made = isSelf ? this.#self?.() : globalFunction(name, this.#budget);
    // Whoever asks again gets the same.
    if (made !== undefined) this.set(name, made);
    return made;
  }

  set(name: string, value: unknown): void {
    this.#own ??= new Map();
    this.#own.set(name, value);
  }
}

/** The outermost scope of one rendering. `self` makes what the name `self` stands for there. */
export function givenScope(
  inputs: Readonly<Record<string, unknown>>,
  budget: Budget,
  self?: () => unknown,
): Scope {
  return { variables: new GivenVariables(inputs, budget, self), parent: undefined, escaping: false };
}
