const KEY = "flowgate.name";

/** Who decides, where nobody signs in: what was said the last time. */
export function ownName(): string {
  return localStorage.getItem(KEY) ?? "";
}

export function keepOwnName(name: string): void {
  localStorage.setItem(KEY, name);
}
