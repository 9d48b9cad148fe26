import { ChatError } from "./chat-error.ts";

/** What a turn may take. The platform ends none by itself, and does not notice that a client has left. */
export interface TurnLimits {
  /** All of it, in milliseconds; seen at its next piece, and no later than `idleMs` after. */
  totalMs: number;
  /** Without a piece that was made and taken: a model that stalls, or a client that reads no more. */
  idleMs: number;
  /** Of a streamed answer. */
  characters: number;
}

export const TURN_LIMITS: TurnLimits = { totalMs: 5 * 60_000, idleMs: 90_000, characters: 2_000_000 };

/** Ends a turn that takes too long or writes too much. */
export interface TurnBounds {
  /** Aborted when the turn is over for any of these reasons. */
  signal: AbortSignal;
  /** Why it is over, once it is. */
  failure(): ChatError | undefined;
  /** As `work`, but rejects as soon as the turn is over: also where `work` hears of no signal. */
  within<T>(work: Promise<T>): Promise<T>;
  /** A piece of so many characters was made. Throws where it is one too many. */
  progress(characters: number): void;
  /** The client has left. */
  leave(): void;
  /** The turn ended by itself. */
  end(): void;
}

/** One timer a turn, set back by every piece: a timer per wait would cost more than a piece. */
export function boundTurn({ totalMs, idleMs, characters }: TurnLimits): TurnBounds {
  const controller = new AbortController();
  const startedAt = performance.now();
  let written = 0;
  let failure: ChatError | undefined;
  let refuse: ((error: ChatError) => void) | undefined;

  function stop(error: ChatError): ChatError {
    clearTimeout(timer);
    failure ??= error;
    refuse?.(failure);
    controller.abort(failure);
    return failure;
  }

  const timer = setTimeout(() => stop(tooLong()), Math.min(idleMs, totalMs));

  return {
    signal: controller.signal,
    failure: () => failure,
    within: (work) =>
      new Promise((resolve, reject) => {
        if (failure) reject(failure);
        refuse = reject;
        work.then(resolve, reject);
      }),
    progress(more) {
      if (failure) throw failure;
      written += more;
      if (written > characters) throw stop(tooMuch(characters));
      if (performance.now() - startedAt > totalMs) throw stop(tooLong());
      timer.refresh();
    },
    leave: () => void stop(new ChatError(499, "server_error", "client_closed_request", "The client left.")),
    end: () => clearTimeout(timer),
  };
}

function tooLong(): ChatError {
  return new ChatError(504, "server_error", "timeout", "The answer took too long. Try again.");
}

function tooMuch(characters: number): ChatError {
  return new ChatError(
    502,
    "server_error",
    "answer_too_long",
    `The answer was stopped: it is longer than ${characters} characters.`,
  );
}
