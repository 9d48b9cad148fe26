import type { FlowTraffic } from "../../shared/model/flow-traffic.ts";
import { flowApi } from "../data/api.ts";
import { studioPath } from "../data/location.ts";
import { countOf, countWords } from "../data/number-words.ts";
import { useLive } from "../data/use-live.ts";
import { TryAgain } from "./states.tsx";

/**
 * What a flow served in the last hour, in a few words that lead to its traffic; or why that is not known. That nothing
 * answers at all stands above the page.
 */
export function TrafficNow({ flow }: { flow: string }) {
  const { value, error, refresh } = useLive<FlowTraffic>(`${flowApi(flow, "traffic")}?hours=1`, {
    everyMs: 30_000,
  });
  return (
    <>
      {value ? (
        <TrafficWords flow={flow} traffic={value} />
      ) : (
        !error?.isAnswer && (
          <span class="quiet">
            –<span class="visually-hidden"> {error ? "not known" : "loading"}</span>
          </span>
        )
      )}
      {error?.isAnswer && (
        <div class="measure" role="status">
          <span class="fail">
            {value ? "Not the newest" : "Not known"}: HTTP {error.status}. {error.message}
          </span>{" "}
          {error.isPassing && <TryAgain refresh={refresh} />}
        </div>
      )}
    </>
  );
}

function TrafficWords({ flow, traffic }: { flow: string; traffic: FlowTraffic }) {
  const figures = traffic.versions.map((version) => version.figures);
  const turns = figures.reduce((sum, each) => sum + each.turns, 0);
  const failed = figures.reduce((sum, each) => sum + each.failed, 0);
  if (turns === 0) return <span class="quiet">none in the last hour</span>;
  return (
    <a href={studioPath(["flows", flow, "traffic"])}>
      {countOf(turns, "turn")} in the last hour
      {failed > 0 && <span class="fail">, {countWords(failed)} failed</span>}
    </a>
  );
}
