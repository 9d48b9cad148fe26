/**
 * The cycles among steps that need each other's results, each as the names along it, starting with the step that
 * stands first. `needs` holds, by step and in the order of the file, the steps whose results it uses.
 */
export function findCycles(needs: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const order = [...needs.keys()];
  for (const start of order) {
    // A stack of its own, because a chain of steps may be longer than the process's.
    const path: { name: string; next: number }[] = done.has(start) ? [] : [{ name: start, next: 0 }];
    const onPath = new Set(path.map(({ name }) => name));
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const needed = needs.get(top.name)?.[top.next];
      top.next += 1;
      if (needed === undefined) {
        done.add(top.name);
        onPath.delete(top.name);
        path.pop();
      } else if (onPath.has(needed)) {
        const names = path.map(({ name }) => name);
        cycles.push(names.slice(names.indexOf(needed)));
      } else if (!done.has(needed) && needs.has(needed)) {
        onPath.add(needed);
        path.push({ name: needed, next: 0 });
      }
    }
  }
  return cycles.map((cycle) => {
    const first = cycle.reduce((a, b) => (order.indexOf(b) < order.indexOf(a) ? b : a));
    const at = cycle.indexOf(first);
    return [...cycle.slice(at), ...cycle.slice(0, at)];
  });
}
