import { formatAgainst, metricWords } from "../model/format-metric.ts";
import type { RequirementResult, SequentialClaim, SequentialFinding } from "../model/run.ts";

/**
 * The results of the exact comparison, put right by the sequential verdict. Where the run stopped early, what was
 * measured on some of the rows decides nothing by itself: a requirement holds, or does not, where that is shown, and is
 * open else. With the scope of a population that is so with all rows in, too. Results that the finding does not speak
 * of stand: safety metrics, and what only has to be measured.
 */
export function applyFinding(
  results: readonly RequirementResult[],
  finding: SequentialFinding | undefined,
): RequirementResult[] {
  if (!finding || isExact(finding)) return [...results];
  return results.map((result) => {
    const claim = finding.claims.find(
      ({ metric, statistic, kind }) =>
        metric === result.metric && statistic === result.statistic && kind === result.kind,
    );
    return claim && !comparesExactly(result, finding) ? settled(result, claim, finding) : result;
  });
}

/** With every row in, what a comparison could decide of them is more than any test can show. */
function comparesExactly(
  { outcome }: RequirementResult,
  { scope, rows, ofRows }: SequentialFinding,
): boolean {
  return scope === "dataset" && rows >= ofRows && outcome !== "inconclusive";
}

function isExact({ scope, outcome, rows, ofRows }: SequentialFinding): boolean {
  return scope === "dataset" && outcome === undefined && rows >= ofRows;
}

function settled(
  result: RequirementResult,
  claim: SequentialClaim,
  { scope, alpha, rows, ofRows, outcome }: SequentialFinding,
): RequirementResult {
  const { metric, statistic, comparison } = result;
  const { value, limit } = formatAgainst(metric, statistic, result.value, result.limit);
  const label = metricWords(metric, statistic);
  const measured =
    result.limit === null ? `${label} is ${value}` : `${label} is ${value}, needs ${comparison} ${limit}`;
  const where = `on ${rows} of ${ofRows} rows`;
  const error = `at an error of at most ${Number((alpha * 100).toFixed(1))} %`;
  const beyond = scope === "population" ? ", also beyond these rows" : "";
  if (claim.settled === "fail") {
    const reason =
      claim.reason ?? `${measured}, ${where}: that it does not hold is shown${beyond}, ${error}.`;
    return { ...result, outcome: "fail", reason };
  }
  if (claim.settled === "pass") {
    const reason = `${measured}, ${where}: that it holds is shown${beyond}, ${error}.`;
    return { ...result, outcome: "pass", reason };
  }
  const open =
    outcome === undefined && rows >= ofRows
      ? 'these rows do not settle it for all that such rows are drawn from. More rows would, or "scope: dataset"'
      : "this was open when the run stopped";
  return { ...result, outcome: "inconclusive", reason: `${measured}, ${where}: ${open}.` };
}
