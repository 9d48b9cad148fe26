import type { OnlineScores } from "../../shared/model/monitored-turn.ts";
import { scoreLabel } from "../../shared/model/score-label.ts";
import {
  EVALUATION_NAME,
  EVALUATION_RESULT,
  EVALUATION_SCORE_LABEL,
  EVALUATION_SCORE_VALUE,
  FLOWGATE_FLOW,
  FLOWGATE_SOURCE,
  FLOWGATE_VERSION,
} from "../../shared/model/telemetry-names.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";

/** One event a score, as of a run's rows; the source tells them apart. No text of the turn is in it. */
export function reportOnlineScores(
  { flow, suite, turns }: OnlineScores,
  { telemetry }: { telemetry: Telemetry },
): void {
  for (const { turn, version, scores } of turns) {
    for (const [name, { value, passed }] of Object.entries(scores)) {
      telemetry.event(EVALUATION_RESULT, {
        [EVALUATION_NAME]: name,
        [EVALUATION_SCORE_VALUE]: value ?? undefined,
        [EVALUATION_SCORE_LABEL]: scoreLabel(passed),
        [FLOWGATE_SOURCE]: "online",
        [FLOWGATE_FLOW]: flow,
        [FLOWGATE_VERSION]: version,
        "flowgate.suite": suite,
        "flowgate.turn": turn,
      });
    }
  }
}
