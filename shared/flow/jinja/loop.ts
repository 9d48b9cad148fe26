import type { Budget } from "./limits.ts";
import { TemplateError } from "./template-error.ts";
import { Callable } from "./values/callable.ts";
import { isEqual } from "./values/equality.ts";
import { tuple } from "./values/tuple.ts";

type Item = [item: unknown] | undefined;

/** Where a loop's items come from: one at a time, as a filter on the loop may depend on the rounds before. */
export interface ItemSource {
  next(): Item;
  /** How many there are, where that is known without visiting them. */
  length: number | undefined;
}

interface LoopOptions {
  /** How many recursive loops deep it is, from 0. */
  depth: number;
  /** What `loop(items)` does, where the loop is recursive. */
  recurse: { call: Callable["call"]; render: Callable["render"] } | undefined;
}

/** One loop as its template sees it: what it says of itself is found out when asked for, as most rounds ask nothing. */
export class Loop {
  /** What is named `loop` in its body. */
  readonly variable: Callable;
  readonly #source: ItemSource;
  readonly #depth: number;
  readonly #budget: Budget;
  #index = -1;
  #current: Item;
  #previous: Item;
  /** Items that were looked at ahead of their round. */
  #ahead: [item: unknown][] | undefined;
  #changedValues: unknown[] | undefined;
  #cycle: Callable | undefined;
  #changed: Callable | undefined;

  constructor(source: ItemSource, { depth, recurse }: LoopOptions, budget: Budget) {
    this.#source = source;
    this.#depth = depth;
    this.#budget = budget;
    this.variable = new Callable("loop", recurse?.call ?? refuseRecursion, {
      field: (name) => this.#field(name),
      text: () => `<LoopContext ${this.#index + 1}/${this.#length()}>`,
      render: recurse?.render,
    });
  }

  /** Starts the next round; undefined where none is left. */
  advance(): Item {
    this.#previous = this.#current;
    this.#current = this.#ahead?.shift() ?? this.#source.next();
    if (this.#current !== undefined) this.#index += 1;
    return this.#current;
  }

  #field(name: string): unknown {
    switch (name) {
      case "index":
        return this.#index + 1;
      case "index0":
        return this.#index;
      case "revindex":
        return this.#length() - this.#index;
      case "revindex0":
        return this.#length() - this.#index - 1;
      case "first":
        return this.#index === 0;
      case "last":
        return this.#peek() === undefined;
      case "length":
        return this.#length();
      case "previtem":
        return this.#previous?.[0];
      case "nextitem":
        return this.#peek()?.[0];
      case "depth":
        return this.#depth + 1;
      case "depth0":
        return this.#depth;
      case "cycle":
        return (this.#cycle ??= new Callable("cycle", ({ values }) => this.#itemInTurn(values)));
      case "changed":
        return (this.#changed ??= new Callable("changed", ({ values }) => this.#isChanged(values)));
      default:
        return undefined;
    }
  }

  #peek(): Item {
    const first = this.#ahead?.[0] ?? this.#source.next();
    if (first === undefined) this.#ahead = undefined;
    else (this.#ahead ??= [])[0] = first;
    return first;
  }

  #length(): number {
    if (this.#source.length !== undefined) return this.#source.length;
    for (let item = this.#source.next(); item !== undefined; item = this.#source.next())
      (this.#ahead ??= []).push(item);
    return this.#index + 1 + (this.#ahead?.length ?? 0);
  }

  #itemInTurn(values: readonly unknown[]): unknown {
    if (values.length === 0) throw new TemplateError("loop.cycle needs the items to cycle through.");
    return values[this.#index % values.length];
  }

  #isChanged(values: readonly unknown[]): boolean {
    const seen = tuple([...values]);
    const same = this.#changedValues !== undefined && isEqual(this.#changedValues, seen, this.#budget);
    this.#changedValues = seen;
    return !same;
  }
}

function refuseRecursion(): never {
  throw new TemplateError("loop(...) needs a loop that is recursive: {% for ... in ... recursive %}.");
}
