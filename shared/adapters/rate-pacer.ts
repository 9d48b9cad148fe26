/**
 * How fast calls to one deployment may start. Nothing is known of a service's limit until it refuses a call (429);
 * from then on calls start evenly, at the rate that was measured to be accepted. All times are milliseconds of one
 * clock that never runs backwards.
 */
export interface RatePacer {
  /** The earliest time for the next start. */
  nextStart(now: number): number;
  started(now: number): StartedCall;
  /** The service refused the call for `retryAfter` ms: nobody starts before that, and then more slowly. */
  refused(call: StartedCall, now: number, retryAfter: number): void;
  /** Nobody starts for `ms`; what rate would be accepted is not known. */
  pause(now: number, ms: number): void;
  /** Calls a second. */
  rate(): number;
}

export interface StartedCall {
  at: number;
  burst: { from: number; count: number };
}

/** Starts closer than this are counted together. */
const BURST_MS = 50;
/** The longest time the measure looks back: two of the longest windows that services count by. */
const REMEMBERED_BURSTS = 2 * (60_000 / BURST_MS);
/** Fewer accepted calls than these do not say what rate is accepted. */
const ENOUGH = 10;
/** What a late timer or a busy moment may catch up on, so that lateness does not add up. */
const CATCH_UP_MS = 100;
/** The next rate over the refused one: at most, after too few calls to measure by, and at least. */
const STEP_DOWN = 0.98;
const STEP_DOWN_BLINDLY = 0.9;
const LARGEST_STEP_DOWN = 0.5;
/**
 * How much above its measure the first rate is: the first calls also open connections, which makes them seem slow. Too
 * high costs a refusal or two, too low many seconds.
 */
const FIRST_STEP_UP = 2;
/**
 * Creeping back, in calls a second for each second: a little of the learnt rate; as much for everybody, so that
 * processes that share a deployment come to equal shares; and by the cube of the time (as CUBIC, RFC 9438), slowly near
 * the limit that is known and fast when it has moved.
 */
const CREEP = { share: 0.001, step: 0.1, cube: 0.01 };

/** `ceiling`: calls a second while nothing is known. It spreads the first calls, so that few are refused at once. */
export function createRatePacer(ceiling: number): RatePacer {
  const most = ceiling / 1000;
  /** Calls per ms at the last lesson; the rate creeps up from here while calls are held back by it. */
  let learnt: number | undefined;
  let heldSeconds = 0;
  let due = 0;
  let pausedUntil = 0;
  let refusedAt = Number.NEGATIVE_INFINITY;
  let lessonDue = false;
  /** Whether `learnt` was measured, or guessed. */
  let measuredBefore = false;
  let bursts: StartedCall["burst"][] = [];

  function rate(): number {
    if (learnt === undefined) return most;
    const added = (CREEP.step * heldSeconds + CREEP.cube * heldSeconds ** 3) / 1000;
    return Math.min(most, learnt * (1 + CREEP.share * heldSeconds) + added);
  }

  /**
   * The best rate that was accepted for a while up to the end of the pause: a service that counts by windows accepts
   * a burst and then nothing, so the pause belongs to the measure. At least half of the rate before.
   */
  function learn(): void {
    let count = 0;
    let measured = 0;
    for (let index = bursts.length - 1; index >= 0; index -= 1) {
      const burst = bursts[index];
      if (!burst) break;
      count += burst.count;
      if (count < ENOUGH && index > 0) continue;
      measured = Math.max(measured, count / Math.max(1, pausedUntil - burst.from));
    }
    const before = rate();
    const enough = count >= ENOUGH;
    const share = measuredBefore && !enough ? STEP_DOWN_BLINDLY : LARGEST_STEP_DOWN;
    const next =
      learnt === undefined && enough ? measured * FIRST_STEP_UP : Math.max(measured, before * share);
    learnt = Math.min(next, before * STEP_DOWN);
    measuredBefore = enough;
    heldSeconds = 0;
    // A service that refuses again and again leaves too few calls between two lessons to measure by: they add up.
    if (enough) bursts = [];
    lessonDue = false;
  }

  function pause(now: number, ms: number): void {
    pausedUntil = Math.max(pausedUntil, now + ms);
    due = Math.max(due, pausedUntil);
  }

  return {
    nextStart(now) {
      if (lessonDue && now >= pausedUntil) learn();
      return Math.max(due, pausedUntil);
    },

    started(now) {
      const interval = 1 / rate();
      const late = learnt === undefined ? 2 * interval : CATCH_UP_MS;
      if (learnt !== undefined && now - due < late) heldSeconds += interval / 1000;
      due = Math.max(due, now - late) + interval;
      let burst = bursts.at(-1);
      if (!burst || now - burst.from > BURST_MS) {
        burst = { from: now, count: 0 };
        bursts.push(burst);
        if (bursts.length > 2 * REMEMBERED_BURSTS) bursts = bursts.slice(-REMEMBERED_BURSTS);
      }
      burst.count += 1;
      return { at: now, burst };
    },

    refused(call, now, retryAfter) {
      call.burst.count -= 1;
      // A millisecond more: services round, and who comes a moment early is refused again.
      pause(now, retryAfter + 1);
      // One lesson for all that were under way when the service began to refuse.
      if (call.at <= refusedAt) return;
      refusedAt = now;
      lessonDue = true;
    },

    pause,
    rate: () => rate() * 1000,
  };
}
