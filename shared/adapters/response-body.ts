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
 * A body that costs an array of pieces, and no stream. `resume`: the reader has caught up. `leave`: the reader wants no
 * more.
 */
export function createResponseBody(
  resume: () => void,
  leave: () => void,
): { body: ResponseBody; filler: BodyFiller } {
  let pieces: Buffer[] = [];
  let bytes = 0;
  /** Undefined while more may come. */
  let end: { failure: Error | undefined } | undefined;
  const whole = Promise.withResolvers<void>();
  let wantsAll = false;
  let hasEnough = false;
  let changed: PromiseWithResolvers<void> | undefined;
  let ending: NodeJS.Timeout | undefined;

  function change(): void {
    changed?.resolve();
    changed = undefined;
  }

  function finish(failure: Error | undefined): void {
    end ??= { failure };
    // It would hold all of the call until then.
    clearTimeout(ending);
    whole.resolve();
    change();
  }

  async function untilChange(): Promise<void> {
    changed ??= Promise.withResolvers();
    await changed.promise;
  }

  function take(): Buffer[] {
    const taken = pieces;
    pieces = [];
    if (bytes > MOST_WAITING_BYTES) resume();
    bytes = 0;
    return taken;
  }

  return {
    body: {
      async text() {
        wantsAll = true;
        if (bytes > MOST_WAITING_BYTES) resume();
        await whole.promise;
        if (end?.failure) throw end.failure;
        const [only] = pieces;
        return pieces.length === 1 && only ? only.toString("utf8") : Buffer.concat(pieces).toString("utf8");
      },
      async *batches() {
        try {
          for (;;) {
            const taken = take();
            const [only] = taken;
            if (only) yield taken.length === 1 ? only : Buffer.concat(taken);
            if (end?.failure) throw end.failure;
            if (end && pieces.length === 0) return;
            if (pieces.length === 0) await untilChange();
          }
        } finally {
          if (!end && !hasEnough) leave();
        }
      },
      enough() {
        if (end || hasEnough) return;
        hasEnough = true;
        pieces = [];
        ending = setTimeout(leave, ENDING_MS).unref();
      },
      async *[Symbol.asyncIterator]() {
        yield* this.batches();
      },
    },
    filler: {
      push(piece) {
        if (hasEnough) return false;
        pieces.push(piece);
        bytes += piece.length;
        if (!wantsAll) change();
        return !wantsAll && bytes > MOST_WAITING_BYTES;
      },
      end() {
        finish(undefined);
      },
      fail(error) {
        finish(error);
      },
    },
  };
}
