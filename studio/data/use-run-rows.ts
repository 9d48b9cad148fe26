import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { RowResult } from "../../shared/model/run.ts";
import type { RunRows } from "../../shared/model/status.ts";
import { ApiError, RETRY_MS } from "./api-error.ts";
import { flowApi, getJson } from "./api.ts";
import { nextPage, type PagePlace } from "./next-page.ts";
import type { PlacedRow } from "./placed-row.ts";
import { rowKey } from "./row-choice.ts";

export interface LoadedRows {
  rows: readonly PlacedRow[];
  /** Whether there are more to ask for. */
  more: boolean;
  isLoading: boolean;
  /** Whether the row that was sought is not among them (yet). */
  isMissing: boolean;
  error: ApiError | undefined;
  loadMore(): void;
  /** Asks again for what could not be read. */
  retry(): void;
}

/** How far the shards were read. */
interface Position {
  read: ReadonlySet<string>;
  within?: PagePlace | undefined;
}

const PAGE = 200;
/** Asked for without being told to. */
const AT_ONCE = 1_000;

/**
 * The rows of a run as they come in, shard by shard. While it runs, `arrived` names the shards that are in, and what came
 * since is asked for whenever there are more. The row that is `sought`, by its key, is among them however late it comes. What failed in passing is
 * asked for again.
 */
export function useRunRows(
  flow: string,
  run: string,
  {
    shards,
    arrived,
    sought,
  }: {
    shards: readonly string[];
    /** Undefined once the run is over. */
    arrived: readonly string[] | undefined;
    sought: string | null;
  },
): LoadedRows {
  const [rows, setRows] = useState<readonly PlacedRow[]>([]);
  const [position, setPosition] = useState<Position>({ read: new Set() });
  const [wanted, setWanted] = useState(AT_ONCE);
  const [attempt, setAttempt] = useState(0);
  const [isLoading, setIsLoading] = useState(true);
  const [error, setError] = useState<ApiError>();
  const latest = useRef({ rows, position });
  latest.current = { rows, position };
  const isMissing = useMemo(
    () => sought !== null && !rows.some((row) => rowKey(row) === sought),
    [rows, sought],
  );

  useEffect(() => {
    let isStopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    void (async () => {
      setIsLoading(true);
      let { rows, position } = latest.current;
      const following = (): PagePlace | undefined =>
        nextPage(shards, { ...position, ...(arrived && { arrived }) });
      let isSought = isMissing;
      const show = (): void => {
        setRows(rows);
        setPosition(position);
      };
      try {
        for (let at = following(); at && (isSought || rows.length < wanted); at = following()) {
          const { shard, offset } = at;
          const page: RunRows = await getJson(pageAddress(flow, run, at));
          if (isStopped) return;
          const placed = page.rows.map((result, index) => ({ result, shard, offset: offset + index }));
          rows = [...rows, ...placed];
          position =
            page.next?.shard === shard
              ? { ...position, within: page.next }
              : { read: new Set([...position.read, shard]) };
          isSought &&= !placed.some((row) => rowKey(row) === sought);
          // What is looked through on the way to a row is drawn once.
          if (rows.length <= wanted) show();
        }
        show();
        setError(undefined);
      } catch (refusal) {
        if (isStopped) return;
        const error = refusal instanceof ApiError ? refusal : new ApiError(0, "The rows could not be read.");
        show();
        setError(error);
        if (error.isPassing) timer = setTimeout(() => setAttempt((before) => before + 1), RETRY_MS);
      }
      setIsLoading(false);
    })();
    return () => {
      isStopped = true;
      clearTimeout(timer);
    };
  }, [flow, run, wanted, isMissing ? sought : null, arrived?.length, attempt]);

  return {
    rows,
    more: arrived === undefined && nextPage(shards, position) !== undefined,
    isLoading,
    isMissing,
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

function pageAddress(flow: string, run: string, { shard, offset }: PagePlace, top = PAGE): string {
  const query = `shard=${encodeURIComponent(shard)}&offset=${offset}&top=${top}`;
  return `${flowApi(flow, "runs", run, "rows")}?${query}`;
}
