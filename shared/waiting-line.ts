/** What decides who goes first: people before evaluations, then the lower order, then who came first. */
export interface Turn {
  person: boolean;
  order: number;
  arrival: number;
}

/** Who waits, first to go first. Every operation costs the logarithm of the line's length at most. */
export interface WaitingLine<T> {
  /** How many wait; those who left are not counted. */
  readonly length: number;
  /** Returns how to leave the line. */
  join(turn: Turn, waiter: T): () => void;
  next(): T | undefined;
}

interface Waiting<T> {
  turn: Turn;
  waiter: T;
  left: boolean;
}

/** A binary heap. Who leaves is only marked, and passed over when their turn comes. */
export function createWaitingLine<T>(): WaitingLine<T> {
  let heap: Waiting<T>[] = [];
  let length = 0;

  function rise(index: number): void {
    for (let at = index; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!swapIfBefore(at, parent)) return;
      at = parent;
    }
  }

  function sink(): void {
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const [first, second] = [heap[left], heap[left + 1]];
      if (!first) return;
      const child = second && isBefore(second.turn, first.turn) ? left + 1 : left;
      if (!swapIfBefore(child, at)) return;
      at = child;
    }
  }

  function swapIfBefore(lower: number, upper: number): boolean {
    const [a, b] = [heap[lower], heap[upper]];
    if (!a || !b || !isBefore(a.turn, b.turn)) return false;
    heap[lower] = b;
    heap[upper] = a;
    return true;
  }

  function pop(): Waiting<T> | undefined {
    const [first] = heap;
    const last = heap.pop();
    if (heap.length > 0 && last) {
      heap[0] = last;
      sink();
    }
    return first;
  }

  return {
    get length() {
      return length;
    },
    join(turn, waiter) {
      const entry = { turn, waiter, left: false };
      heap.push(entry);
      rise(heap.length - 1);
      length += 1;
      return () => {
        if (entry.left) return;
        entry.left = true;
        length -= 1;
        // A cancelled run leaves thousands behind; nothing of them is kept.
        if (length === 0) heap = [];
      };
    },
    next() {
      for (let entry = pop(); entry; entry = pop()) {
        if (entry.left) continue;
        entry.left = true;
        length -= 1;
        return entry.waiter;
      }
      return undefined;
    },
  };
}

function isBefore(a: Turn, b: Turn): boolean {
  if (a.person !== b.person) return a.person;
  if (a.order !== b.order) return a.order < b.order;
  return a.arrival < b.arrival;
}
