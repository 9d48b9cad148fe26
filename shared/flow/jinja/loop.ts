import { Callable, isEqual } from "./values.ts";

/** What the rounds of one loop share. */
export interface LoopState {
  changed: unknown[] | undefined;
  /** How many loops deep, from 1. */
  depth: number;
}

/** `loop`: its fields are computed when asked for, as most rounds ask for none. */
export class Loop {
  readonly depth: number;
  readonly #items: unknown[];
  readonly #index: number;
  readonly #state: LoopState;
  constructor(items: unknown[], index: number, state: LoopState) {
    this.depth = state.depth;
    this.#items = items;
    this.#index = index;
    this.#state = state;
  }

  field(name: string): unknown {
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    return field?.(this.#items, this.#index, this.#state);
  }
}

const FIELDS: Record<string, (items: unknown[], index: number, state: LoopState) => unknown> = {
  index: (_items, index) => index + 1,
  index0: (_items, index) => index,
  revindex: (items, index) => items.length - index,
  revindex0: (items, index) => items.length - index - 1,
  first: (_items, index) => index === 0,
  last: (items, index) => index === items.length - 1,
  length: (items) => items.length,
  previtem: (items, index) => items[index - 1],
  nextitem: (items, index) => items[index + 1],
  depth: (_items, _index, state) => state.depth,
  depth0: (_items, _index, state) => state.depth - 1,
  cycle: (_items, index) => new Callable("cycle", (values) => values[index % Math.max(1, values.length)]),
  changed: (_items, _index, state) =>
    new Callable("changed", (values) => {
      const same = state.changed !== undefined && isEqual(state.changed, values);
      state.changed = values;
      return !same;
    }),
};
