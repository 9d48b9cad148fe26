import { type Dict, entriesOf, sizeOfDict, Unhashable } from "./dict.ts";
import { tuple } from "./tuple.ts";

/** `dict.keys()`, `.values()` or `.items()`: has a length and can be visited again and again, but has no positions. */
export class DictView extends Unhashable {
  readonly kind: "keys" | "values" | "items";
  readonly dict: Dict | Record<string, unknown>;
  constructor(kind: DictView["kind"], dict: DictView["dict"]) {
    super();
    this.kind = kind;
    this.dict = dict;
  }

  get length(): number {
    return sizeOfDict(this.dict);
  }

  items(): unknown[] {
    const entries = entriesOf(this.dict);
    if (this.kind === "items") return entries.map((entry) => tuple(entry));
    return entries.map(([key, value]) => (this.kind === "keys" ? key : value));
  }
}
