/** The body of a response as it arrives: read whole, or piece by piece. */
export interface ResponseBody extends AsyncIterable<Uint8Array> {
  text(): Promise<string>;
  /** As when iterated, with all that waits at once: a reader that is behind catches up in one step. */
  batches(): AsyncIterable<Buffer>;
  /** The reader has all it wants, and leaves: what little is left is thrown away, so that the connection is kept. */
  enough(): void;
}

/** How a body is filled. */
export interface BodyFiller {
  /** True where the reader is behind: no more before `resume`. */
  push(piece: Buffer): boolean;
  end(): void;
  fail(error: Error): void;
}

const MOST_WAITING_BYTES = 256 * 1024;
/** How long a sender may take to end what the reader has had enough of. */
const ENDING_MS = 1_000;

/**
 * A body that costs an array of pieces, and no stream. A class, because its iterators are generators: a function of that
 * kind made anew for every body would hold the body, and all who wait for it, until a full garbage collection
 * (`docs/decisions/2026-11-27-what-holds-a-request-that-is-over.md`).
 */
export class PiecewiseBody implements ResponseBody, BodyFiller {
  readonly #resume: () => void;
  readonly #leave: () => void;
  #pieces: Buffer[] = [];
  #bytes = 0;
  /** Undefined while more may come. */
  #end: { failure: Error | undefined } | undefined;
  #wantsAll = false;
  #hasEnough = false;
  #changed: PromiseWithResolvers<void> | undefined;
  #ending: NodeJS.Timeout | undefined;

  /** `resume`: the reader has caught up. `leave`: the reader wants no more. */
  constructor(resume: () => void, leave: () => void) {
    this.#resume = resume;
    this.#leave = leave;
  }

  async text(): Promise<string> {
    this.#wantsAll = true;
    if (this.#bytes > MOST_WAITING_BYTES) this.#resume();
    while (!this.#end) await this.#untilChange();
    if (this.#end.failure) throw this.#end.failure;
    const [only] = this.#pieces;
    return this.#pieces.length === 1 && only
      ? only.toString("utf8")
      : Buffer.concat(this.#pieces).toString("utf8");
  }

  async *batches(): AsyncGenerator<Buffer> {
    try {
      for (;;) {
        const taken = this.#take();
        const [only] = taken;
        if (only) yield taken.length === 1 ? only : Buffer.concat(taken);
        if (this.#end?.failure) throw this.#end.failure;
        if (this.#end && this.#pieces.length === 0) return;
        if (this.#pieces.length === 0) await this.#untilChange();
      }
    } finally {
      if (!this.#end && !this.#hasEnough) this.#leave();
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    return this.batches();
  }

  enough(): void {
    if (this.#end || this.#hasEnough) return;
    this.#hasEnough = true;
    this.#pieces = [];
    this.#ending = setTimeout(this.#leave, ENDING_MS).unref();
  }

  push(piece: Buffer): boolean {
    if (this.#hasEnough) return false;
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (!this.#wantsAll) this.#change();
    return !this.#wantsAll && this.#bytes > MOST_WAITING_BYTES;
  }

  end(): void {
    this.#finish(undefined);
  }

  fail(error: Error): void {
    this.#finish(error);
  }

  #finish(failure: Error | undefined): void {
    this.#end ??= { failure };
    // It would hold all of the call until then.
    clearTimeout(this.#ending);
    this.#change();
  }

  #change(): void {
    this.#changed?.resolve();
    this.#changed = undefined;
  }

  async #untilChange(): Promise<void> {
    this.#changed ??= Promise.withResolvers();
    await this.#changed.promise;
  }

  #take(): Buffer[] {
    const taken = this.#pieces;
    this.#pieces = [];
    if (this.#bytes > MOST_WAITING_BYTES) this.#resume();
    this.#bytes = 0;
    return taken;
  }
}
