const tuples = new WeakSet<object>();
const groups = new WeakSet<object>();

/** Marks a new array as a tuple. */
export function tuple(items: unknown[]): unknown[] {
  tuples.add(items);
  return items;
}

export function isTuple(value: unknown): value is unknown[] {
  return Array.isArray(value) && tuples.has(value);
}

/** A pair of `groupby`: its parts have names, too. */
export function groupTuple(grouper: unknown, list: unknown[]): unknown[] {
  const group = tuple([grouper, list]);
  groups.add(group);
  return group;
}

export function isGroup(value: unknown): value is unknown[] {
  return Array.isArray(value) && groups.has(value);
}
