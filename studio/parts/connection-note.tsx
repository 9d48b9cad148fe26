import { lostSince } from "../data/connection.ts";
import { useStore } from "../data/store.ts";
import { clockTime } from "../data/format-time.ts";

/** Says that nothing answers, and how old what the page shows is. */
export function ConnectionNote() {
  const since = useStore(lostSince);
  return (
    <div class="connection" role="status">
      {since !== undefined && (
        <p>
          <strong>Connection lost, trying again.</strong> What you see is from {clockTime(since)}.
        </p>
      )}
    </div>
  );
}
