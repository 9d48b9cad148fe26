import type { RunStatus } from "../../shared/model/status.ts";
import { countOf, countWords } from "../data/number-words.ts";
import { progressOf } from "../data/progress-of.ts";

/** How far a run is. */
export function RunProgress({ run }: { run: RunStatus }) {
  const { done, of } = progressOf(run);
  const label = `${countWords(done)} of ${countOf(of, "row")}`;
  return (
    <div class="progress">
      <progress max={Math.max(1, of)} value={done} aria-label="Progress of the run">
        {label}
      </progress>
      <span class="quiet small">{label}</span>
    </div>
  );
}
