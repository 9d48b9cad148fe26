import type { Attributes, AttributeValue } from "../ports/telemetry.ts";
import { presentAttributes } from "./present-attributes.ts";

/** Attributes that are all there. */
export type AttributeSet = Readonly<Record<string, AttributeValue>>;

interface Branch {
  /** By the next name, then by its value. */
  next: Map<string, Map<AttributeValue, Branch>>;
  set: AttributeSet | undefined;
}

/** Flows times versions times models: few. Where somebody gives more, it starts anew. */
const MOST_BRANCHES = 20_000;

/**
 * Gives the same frozen object for the same attributes in the same order, without those that are undefined. Metrics
 * know a set of attributes by a text that they make of it for every measurement; of one that is frozen the built
 * app makes it once (`scripts/remembered-hashes.ts`).
 */
export function createAttributeSets(): (attributes: Attributes) => AttributeSet {
  let root: Branch = { next: new Map(), set: undefined };
  let branches = 0;
  return (attributes) => {
    if (branches > MOST_BRANCHES) {
      root = { next: new Map(), set: undefined };
      branches = 0;
    }
    let at = root;
    for (const name in attributes) {
      const value = attributes[name];
      if (value === undefined) continue;
      let values = at.next.get(name);
      if (!values) at.next.set(name, (values = new Map()));
      let branch = values.get(value);
      if (!branch) {
        branch = { next: new Map(), set: undefined };
        values.set(value, branch);
        branches += 1;
      }
      at = branch;
    }
    return (at.set ??= Object.freeze({ ...presentAttributes(attributes) }));
  };
}
