import { lostConnection } from "../data/connection.ts";
import { useStore } from "../data/store.ts";
import { clockTime } from "../data/format-time.ts";

/** Says that nothing answers, and how old what the page shows is. */
export function ConnectionNote() {
  const lost = useStore(lostConnection);
  return (
    <div class="connection" role="status">
      {lost && (
        <p>
          <strong>Connection lost, trying again.</strong>
          {lost.since && ` What you see is from ${clockTime(lost.since)}.`}
        </p>
      )}
    </div>
  );
}
