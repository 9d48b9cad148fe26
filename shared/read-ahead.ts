/**
 * What `read` makes of each item, in the items' order; those that come next are asked for meanwhile, so that `atOnce`
 * are held. Rejects with the first failure in that order.
 */
export async function* readAhead<T, R>(
  items: Iterable<T>,
  atOnce: number,
  read: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const asked: Promise<R>[] = [];
  for (const item of items) {
    const reading = read(item);
    // Whoever is before it may fail first: then nobody waits for this one.
    reading.catch(() => undefined);
    asked.push(reading);
    if (asked.length < atOnce) continue;
    const first = asked.shift();
    if (first) yield await first;
  }
  for (const reading of asked) yield await reading;
}
