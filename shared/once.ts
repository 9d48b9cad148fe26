/** What `make` makes, when it is first asked for and once: no start of a process waits for it. */
export function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
