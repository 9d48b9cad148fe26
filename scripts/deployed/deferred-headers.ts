/**
 * Headers that are read by name where they stand, one or two of a call's ten; the web's own, which check and copy them
 * all, are made for whatever else is asked of them. `given`: by name, in any case.
 */
export class DeferredHeaders implements Headers {
  readonly #given: Readonly<Record<string, string>>;
  #made: Headers | undefined;

  constructor(given: Readonly<Record<string, string>>) {
    this.#given = given;
  }

  get(name: string): string | null {
    if (this.#made) return this.#made.get(name);
    const wanted = name.toLowerCase();
    let found: string | null = null;
    for (const key in this.#given) {
      if (key.length !== wanted.length || key.toLowerCase() !== wanted) continue;
      const value = this.#given[key];
      // How several of one name become one is the web's to say, and what a list is.
      if (found !== null || typeof value !== "string") return this.#native.get(name);
      found = trimmed(value);
    }
    return found;
  }

  has(name: string): boolean {
    return this.#native.has(name);
  }

  getSetCookie(): string[] {
    return this.#native.getSetCookie();
  }

  append(name: string, value: string): void {
    this.#native.append(name, value);
  }

  set(name: string, value: string): void {
    this.#native.set(name, value);
  }

  delete(name: string): void {
    this.#native.delete(name);
  }

  forEach(act: (value: string, name: string, headers: Headers) => void, self?: unknown): void {
    for (const [name, value] of this.#native) act.call(self, value, name, this);
  }

  keys(): ReturnType<Headers["keys"]> {
    return this.#native.keys();
  }

  values(): ReturnType<Headers["values"]> {
    return this.#native.values();
  }

  entries(): ReturnType<Headers["entries"]> {
    return this.#native.entries();
  }

  [Symbol.iterator](): ReturnType<Headers["entries"]> {
    return this.#native.entries();
  }

  get #native(): Headers {
    return (this.#made ??= new Headers(this.#given));
  }
}

function trimmed(value: string): string {
  return value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
}
