import { Pool } from "undici";
import { quantile } from "../../shared/statistics/quantile.ts";

/** What a load found. Times in milliseconds. */
export interface Load {
  requests: number;
  failed: number;
  seconds: number;
  latency: number[];
  firstByte: number[];
}

/** A server under load, and what its requests are. */
export interface Target {
  origin: string;
  path: string;
  /** Made anew for each request. */
  headers: () => Record<string, string>;
  body: (streamed: boolean) => string;
}

/**
 * `connections` callers, each asking again as soon as it is answered, for `seconds`. An answer counts where its status
 * is 200 and its text ends as it must.
 */
export async function putLoad(
  target: Target,
  { connections, seconds, streamed }: { connections: number; seconds: number; streamed: boolean },
): Promise<Load> {
  const pool = new Pool(target.origin, { connections, pipelining: 1 });
  const body = target.body(streamed);
  const load: Load = { requests: 0, failed: 0, seconds: 0, latency: [], firstByte: [] };
  const startedAt = performance.now();
  const endAt = startedAt + seconds * 1000;

  function one(): Promise<void> {
    const askedAt = performance.now();
    let status = 0;
    let firstAt = 0;
    let last: Buffer | undefined;
    return new Promise((resolve) => {
      pool.dispatch(
        { path: target.path, method: "POST", headers: target.headers(), body },
        {
          onRequestStart() {},
          onResponseStart: (_controller, code) => void (status = code),
          onResponseData(_controller, piece) {
            if (firstAt === 0) firstAt = performance.now();
            last = piece;
          },
          onResponseEnd() {
            const at = performance.now();
            load.requests += 1;
            load.latency.push(at - askedAt);
            load.firstByte.push(firstAt - askedAt);
            const complete = last?.includes(streamed ? "[DONE]" : "}") === true;
            if (status !== 200 || !complete) load.failed += 1;
            resolve();
          },
          onResponseError() {
            load.failed += 1;
            resolve();
          },
        },
      );
    });
  }

  const caller = async (): Promise<void> => {
    while (performance.now() < endAt) await one();
  };
  await Promise.all(Array.from({ length: connections }, caller));
  load.seconds = (performance.now() - startedAt) / 1000;
  await pool.close();
  return load;
}

/** A quantile of what a load measured; of several loads the median of theirs, as what else the machine does hits some. */
export function quantileOf(loads: readonly Load[], of: "latency" | "firstByte", share: number): number {
  const found = loads.map((load) => quantile(load[of].toSorted(ascending), share) ?? Number.NaN);
  return quantile(found.sort(ascending), 0.5) ?? Number.NaN;
}

function ascending(a: number, b: number): number {
  return a - b;
}
