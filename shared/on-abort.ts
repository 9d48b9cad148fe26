/** Who is to be told, by signal. */
const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `listener` when the signal aborts; returns how to stop listening. One listener a signal: a platform's own list
 * is searched from end to end whenever one is added or removed, which thousands of waiting rows would notice.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  let told = listeners.get(signal);
  if (!told) {
    const all = new Set<() => void>();
    told = all;
    listeners.set(signal, all);
    signal.addEventListener(
      "abort",
      () => {
        for (const tell of all) tell();
      },
      { once: true },
    );
  }
  told.add(listener);
  return () => told.delete(listener);
}
