import { formatDistance } from "../model/format-difference.ts";
import type { DifferenceEvidence, RequirementEvidence, RequirementResult } from "../model/run.ts";

/** The results with how sure they are: intervals, differences, and a warning where the rows are too few. */
export function addEvidence(
  results: readonly RequirementResult[],
  evidence: readonly RequirementEvidence[],
): RequirementResult[] {
  return results.map((result) => {
    const found = evidence.find(
      ({ metric, statistic, kind }) =>
        metric === result.metric && statistic === result.statistic && kind === result.kind,
    );
    if (!found) return result;
    const interval = result.interval ?? found.interval;
    const { difference } = found;
    const power = difference && powerWarning(result, difference);
    return {
      ...result,
      ...(interval && { interval }),
      ...(difference && { difference }),
      ...(power !== undefined && { power }),
    };
  });
}

function powerWarning(
  { metric, statistic }: RequirementResult,
  { pairs, neededPairs, accepted }: DifferenceEvidence,
): string | undefined {
  if (neededPairs === undefined || neededPairs <= pairs) return undefined;
  const loss = formatDistance(metric, statistic, accepted);
  return `${pairs} rows are too few to rule out a loss of ${loss} reliably: ${neededPairs} rows would do it in 80 % of runs.`;
}
