/**
 * What `map`, `select`, `batch` and their like return: it is worked out as it is visited, can be visited once and is
 * always true, has no length and no positions. Prompts written for Python lean on each of these, knowingly or not.
 */
export class OnePass {
  /** The name Python gives its type. */
  readonly type: string;
  readonly #items: Iterator<unknown>;
  constructor(type: string, items: Iterator<unknown>) {
    this.type = type;
    this.#items = items;
  }

  /** One item; undefined as a whole where none is left. */
  next(): [item: unknown] | undefined {
    const next = this.#items.next();
    return next.done === true ? undefined : [next.value];
  }

  /** All that are left. */
  rest(): unknown[] {
    const left: unknown[] = [];
    for (let item = this.next(); item !== undefined; item = this.next()) left.push(item[0]);
    return left;
  }
}
