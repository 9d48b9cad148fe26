import { useEffect, useRef, useState } from "preact/hooks";
import type { RowResult } from "../../shared/model/run.ts";
import type { RunRows } from "../../shared/model/status.ts";
import { ApiError } from "./api-error.ts";
import { flowApi, getJson } from "./api.ts";
import type { PlacedRow } from "./placed-row.ts";

export interface LoadedRows {
  rows: readonly PlacedRow[];
  /** Whether there are more to ask for. */
  more: boolean;
  isLoading: boolean;
  error: ApiError | undefined;
  loadMore(): void;
  /** Asks again for what could not be read. */
  retry(): void;
}

type From = { shard: string | undefined; offset: number };

const PAGE = 200;
/** Asked for without being told to. */
const AT_ONCE = 1_000;

/**
 * The rows of a run as they come in, shard by shard. While it runs, what is not there yet is asked for again whenever
 * `shardsDone` grows.
 */
export function useRunRows(
  flow: string,
  run: string,
  { shardsDone, isRunning }: { shardsDone: number; isRunning: boolean },
): LoadedRows {
  const [rows, setRows] = useState<readonly PlacedRow[]>([]);
  const [next, setNext] = useState<From | undefined>({ shard: undefined, offset: 0 });
  const [wanted, setWanted] = useState(AT_ONCE);
  const [attempt, setAttempt] = useState(0);
  const [isLoading, setIsLoading] = useState(true);
  const [error, setError] = useState<ApiError>();
  const position = useRef({ rows, next });
  position.current = { rows, next };

  useEffect(() => {
    let isStopped = false;
    void (async () => {
      setIsLoading(true);
      let { rows, next } = position.current;
      try {
        while (next && rows.length < wanted) {
          const page: RunRows = await getJson(pageAddress(flow, run, next));
          if (isStopped) return;
          const { shard = "", offset } = { shard: page.shard, offset: next.offset };
          // What a running shard has not written yet comes later.
          if (page.rows.length === 0 && isRunning) break;
          rows = [...rows, ...page.rows.map((result, index) => ({ result, shard, offset: offset + index }))];
          next = page.next;
          setRows(rows);
          setNext(next);
        }
        setError(undefined);
      } catch (refusal) {
        if (isStopped) return;
        setError(refusal instanceof ApiError ? refusal : new ApiError(0, "The rows could not be read."));
      }
      setIsLoading(false);
    })();
    return () => {
      isStopped = true;
    };
  }, [flow, run, wanted, shardsDone, isRunning, attempt]);

  return {
    rows,
    more: next !== undefined && !isRunning,
    isLoading,
    error,
    loadMore: () => setWanted((before) => before + AT_ONCE),
    retry: () => setAttempt((before) => before + 1),
  };
}

/** The text that a row was answered from, which the list leaves out for its length. */
export async function rowContext(
  flow: string,
  run: string,
  { shard, offset }: PlacedRow,
): Promise<RowResult> {
  const page: RunRows = await getJson(`${pageAddress(flow, run, { shard, offset }, 1)}&context=true`);
  const [row] = page.rows;
  if (!row) throw new ApiError(404, "The row is not there any more.");
  return row;
}

function pageAddress(flow: string, run: string, { shard, offset }: From, top = PAGE): string {
  const at = shard === undefined ? "" : `shard=${encodeURIComponent(shard)}&`;
  return `${flowApi(flow, "runs", run, "rows")}?${at}offset=${offset}&top=${top}`;
}
