import { plainCharacters } from "../../shared/report/plain-characters.ts";
import { acceptedRows, noteSaved } from "../data/accepted-rows.ts";
import { saveFile } from "../data/save-file.ts";
import { useStore } from "../data/store.ts";

/** What was accepted here, as lines for the dataset: a row counts once it is committed like any other change. */
export function AcceptedRows({ flow }: { flow: string }) {
  const rows = useStore(acceptedRows).filter((row) => row.flow === flow);
  if (rows.length === 0) return null;
  const text = rows.map(({ line }) => `${line}\n`).join("");
  return (
    <section class="tile" aria-labelledby="accepted-rows">
      <h2 id="accepted-rows">
        {rows.length} accepted {rows.length === 1 ? "row" : "rows"}
      </h2>
      <p class="measure">
        Add {rows.length === 1 ? "this line" : "these lines"} to a dataset of the flow, commit and push. This
        tab alone keeps them.
      </p>
      <pre class="lines" tabIndex={0} role="region" aria-label="Accepted rows">
        {plainCharacters(text)}
      </pre>
      <div class="actions">
        <button
          type="button"
          class="primary"
          onClick={() => {
            saveFile(`${flow}-rows.jsonl`, text, "application/jsonl");
            noteSaved();
          }}
        >
          Save as a file
        </button>
        <button type="button" onClick={() => void navigator.clipboard.writeText(text).then(noteSaved)}>
          Copy
        </button>
      </div>
    </section>
  );
}
