/** What the platform uses of `AsyncDisposableStack`, for Node 22, which lacks it. */
class Stack implements AsyncDisposable {
  #cleanups: (() => unknown)[] = [];

  use<T extends AsyncDisposable>(value: T): T {
    this.#cleanups.push(() => value[Symbol.asyncDispose]());
    return value;
  }

  defer(cleanup: () => unknown): void {
    this.#cleanups.push(cleanup);
  }

  move(): Stack {
    const moved = new Stack();
    moved.#cleanups = this.#cleanups;
    this.#cleanups = [];
    return moved;
  }

  /** Last in, first out; every one is called, and the first error is thrown after the last. */
  async disposeAsync(): Promise<void> {
    const errors: unknown[] = [];
    for (const cleanup of this.#cleanups.splice(0).reverse()) {
      try {
        await cleanup();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.disposeAsync();
  }
}

if (!("AsyncDisposableStack" in globalThis)) Object.assign(globalThis, { AsyncDisposableStack: Stack });
