import type { FlowTraffic } from "../../shared/model/flow-traffic.ts";
import { flowApi } from "../data/api.ts";
import { studioPath } from "../data/location.ts";
import { countOf, countWords } from "../data/number-words.ts";
import { useLive } from "../data/use-live.ts";

/** What a flow served in the last hour, in a few words that lead to its traffic. */
export function TrafficNow({ flow }: { flow: string }) {
  const { value } = useLive<FlowTraffic>(`${flowApi(flow, "traffic")}?hours=1`, { everyMs: 30_000 });
  if (!value) return <span class="quiet">–</span>;
  const figures = value.versions.map((version) => version.figures);
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
