import type { RunStatus } from "../../shared/model/status.ts";

/** How far a run is: by shards, each a part of its rows. */
export function RunProgress({ run: { plan, shardsDone } }: { run: RunStatus }) {
  const all = plan.shards.length;
  const label = `${shardsDone} of ${all} ${all === 1 ? "part" : "parts"} of ${plan.rows} rows`;
  return (
    <div class="progress">
      <progress max={Math.max(1, all)} value={shardsDone} aria-label="Progress of the run">
        {label}
      </progress>
      <span class="quiet small">{label}</span>
    </div>
  );
}
