import { useMemo, useState } from "preact/hooks";
import { setQuery, usePlace } from "../data/location.ts";
import { chooseRows, ROW_FILTERS, rowFilterOf, rowKey } from "../data/row-choice.ts";
import type { LoadedRows } from "../data/use-run-rows.ts";
import { RowTable } from "./row-table.tsx";
import { TryAgain } from "./states.tsx";

const SHOWN = 30;
const MORE = 100;

/** The rows of a run, chosen and sorted as the page's address says. */
export function RunRows({
  flow,
  run,
  loaded,
  metrics,
  thresholds,
  compared,
}: {
  flow: string;
  run: string;
  loaded: LoadedRows;
  metrics: readonly string[];
  thresholds: ReadonlyMap<string, string>;
  compared: boolean;
}) {
  const { query } = usePlace();
  const [shown, setShown] = useState(SHOWN);
  const show = rowFilterOf(query.get("show"));
  const text = query.get("find") ?? "";
  const [sort = "", direction] = (query.get("sort") ?? "").split(" ");
  const descending = direction === "down";
  const chosen = useMemo(
    () => chooseRows(loaded.rows, { show, text, sort, descending }),
    [loaded.rows, show, text, sort, descending],
  );
  const open = query.get("row");
  const opened = chosen.slice(shown).filter((row) => rowKey(row) === open);
  const filters = Object.entries(ROW_FILTERS).filter(
    ([name]) => compared || (name !== "worse" && name !== "better"),
  );
  return (
    <section aria-labelledby="rows">
      <div class="section-head">
        <h2 id="rows">Rows</h2>
        <div class="filters">
          <label class="visually-hidden" for="row-filter">
            Which rows
          </label>
          <select
            id="row-filter"
            value={show}
            onChange={({ currentTarget: { value } }) =>
              setQuery({ show: value === "all" ? undefined : value })
            }
          >
            {filters.map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
          <SortChoice metrics={metrics} chosen={query.get("sort") ?? ""} />
          <label class="visually-hidden" for="row-text">
            With these words
          </label>
          <input
            id="row-text"
            type="search"
            placeholder="find in questions and answers"
            value={text}
            onInput={({ currentTarget: { value } }) => setQuery({ find: value })}
          />
        </div>
      </div>
      <p class="quiet small" role="status">
        {loaded.rows.length === 0
          ? loaded.isLoading
            ? "Loading the rows"
            : "No row is there yet."
          : `${chosen.length} of ${loaded.rows.length} rows${loaded.more ? " that are loaded" : ""}`}
      </p>
      {open !== null && loaded.isMissing && loaded.rows.length > 0 && (
        <p class="note open" role="status">
          {loaded.isLoading || loaded.error ? `Looking for the row ${open}.` : `The run has no row ${open}.`}
        </p>
      )}
      {loaded.error && (
        <div class="note fail stale" role="alert">
          <p>
            {loaded.error.isAnswer ? loaded.error.message : "Nothing answered when the rows were asked for."}
          </p>
          <TryAgain refresh={loaded.retry} />
        </div>
      )}
      {chosen.length > 0 && (
        <RowTable
          {...{ flow, run, metrics, thresholds, compared }}
          rows={[...chosen.slice(0, shown), ...opened]}
          sort={sort}
          descending={descending}
          open={open}
        />
      )}
      {opened.length > 0 && chosen.length > shown + 1 && (
        <p class="quiet small">The opened row is the last here; those before it are left out.</p>
      )}
      <div class="more">
        {chosen.length > shown && (
          <button type="button" onClick={() => setShown(shown + MORE)}>
            Show {Math.min(MORE, chosen.length - shown)} more
          </button>
        )}
        {loaded.more && !loaded.isLoading && (
          <button type="button" onClick={loaded.loadMore}>
            Load more rows
          </button>
        )}
      </div>
    </section>
  );
}

/** What the heads of the columns do where there is room for them. */
function SortChoice({ metrics, chosen }: { metrics: readonly string[]; chosen: string }) {
  return (
    <span class="sort-choice">
      <label for="row-sort">Sort by</label>
      <select
        id="row-sort"
        value={chosen}
        onChange={({ currentTarget: { value } }) => setQuery({ sort: value })}
      >
        <option value="">the run’s order</option>
        {["row", ...metrics].flatMap((name) => [
          <option key={name} value={name}>
            {name}, lowest first
          </option>,
          <option key={`${name} down`} value={`${name} down`}>
            {name}, highest first
          </option>,
        ])}
      </select>
    </span>
  );
}
