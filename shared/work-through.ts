/** Does the work for every item, at most `atOnce` at a time, in their order. Rejects with the first failure. */
export async function workThrough<T>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  // Shared by the workers: one that fails closes the generator, and with it the others' work.
  const next = (function* () {
    yield* items;
  })();
  async function worker(): Promise<void> {
    for (const item of next) await work(item);
  }
  await Promise.all(Array.from({ length: atOnce }, worker));
}
