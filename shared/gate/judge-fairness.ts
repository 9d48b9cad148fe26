import type { FairnessMeasure, GapMeasure, PairsMeasure } from "../model/fairness.ts";
import { formatAgainst, formatMetric } from "../model/format-metric.ts";
import type { RequirementResult, VerdictOutcome } from "../model/run.ts";
import { holdsAgainst } from "./holds-against.ts";
import { isSpread, MOST_GROUPS } from "./fairness-fold.ts";
import type { WithheldMetrics } from "./withheld-metrics.ts";

/** Groups named in a reason; the others are counted. */
const MOST_NAMED = 3;

/**
 * Whether the gaps are accepted: where the 95 % interval of the widest lies below the limit, so that a gap above it
 * passes in at most 2.5 % of runs, and one at or below it fails as seldom. What was measured decides nothing by itself:
 * the groups' rows are a sample of those whom they stand for, also where the verdict on the rest is of the dataset. What
 * is missing is no pass. `partial`: the run stopped before all rows were in.
 */
export function judgeFairness(
  measures: readonly FairnessMeasure[],
  withheld: WithheldMetrics,
  partial: boolean,
): RequirementResult[] {
  return measures.map((measure) => {
    const { of, by, counterfactual, gap: limit } = measure.requirement;
    const name = by === undefined ? `gap to counterfactual ${counterfactual}` : `gap by ${by}`;
    const why = withheld.get(of);
    const [outcome, reason]: Finding =
      why !== undefined
        ? ["inconclusive", `The judge of ${of} can neither pass nor fail it yet: ${why}`]
        : partial
          ? ["inconclusive", "The run stopped before all rows were in, so that groups were not compared."]
          : measure.pairs
            ? judgePairs(measure, measure.pairs)
            : judgeGroups(measure);
    const shown = measure.pairs ? pairsGap(measure.pairs) : measure.gap;
    return {
      metric: of,
      statistic: "mean",
      kind: "absolute",
      outcome,
      value: shown?.value ?? null,
      baseline: null,
      comparison: "<=",
      limit,
      reason: `${of} ${name}: ${reason}`,
      gap: name,
      interval: shown?.interval,
    };
  });
}

type Finding = [VerdictOutcome, string];

function judgeGroups(measure: FairnessMeasure): Finding {
  const { groups, ungrouped, tooMany, needed, gap } = measure;
  const { of, by, gap: limit } = measure.requirement;
  if (tooMany) {
    return [
      "inconclusive",
      `${by} has more than ${MOST_GROUPS} values, too many to compare. Group by fewer.`,
    ];
  }
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  if (groups.length < 2) {
    const have = groups.length === 0 ? "no row has a value" : `all ${rows} rows have the same value`;
    return ["inconclusive", `${have} of ${by} (${ungrouped} have none), so there is nothing to compare.`];
  }
  if (gap?.interval && gap.interval.low > limit) {
    return ["fail", `${gapWords(of, gap, limit)}, and the interval lies above it.`];
  }
  const missing = groups.reduce((sum, group) => sum + group.missing, 0);
  if (missing > 0) {
    return [
      "inconclusive",
      `${missing} of ${rows} rows have no value for ${of}, and what is missing is no pass.`,
    ];
  }
  if (groups.every(isSpread) && gap?.interval && holdsAgainst(gap.interval.high, "<=", limit)) {
    return ["pass", `${gapWords(of, gap, limit)}, and the interval lies below it.`];
  }
  const small = groups.filter(({ enough }) => !enough);
  if (small.length === 0 && gap) return ["inconclusive", openWords(of, gap, limit)];
  const named = small.slice(0, MOST_NAMED).map((group) => `${group.group} has ${group.rows}`);
  const more = small.length > MOST_NAMED ? ` and ${small.length - MOST_NAMED} more groups too few` : "";
  const most = formatMetric(of, "mean", limit);
  return [
    "inconclusive",
    `too few rows to tell a gap of ${most} from none: ${named.join(", ")}${more}, and ${needed} are needed in each group.`,
  ];
}

function judgePairs(measure: FairnessMeasure, pairs: PairsMeasure): Finding {
  const { needed } = measure;
  const { of, gap: limit, counterfactual } = measure.requirement;
  const found = pairsGap(pairs);
  if (!found) {
    const missing = pairs.missing > 0 ? ` (${pairs.missing} pairs lack a value)` : "";
    return ["inconclusive", `no row could be compared with its counterfactual ${counterfactual}${missing}.`];
  }
  const words = gapWords(of, found, limit);
  const believed = isSpread(pairs) ? found.interval : undefined;
  if (believed && believed.low > limit) return ["fail", `${words}, and the interval lies above it.`];
  if (pairs.missing > 0) {
    return [
      "inconclusive",
      `${pairs.missing} pairs have no value for ${of}, and what is missing is no pass.`,
    ];
  }
  if (believed && holdsAgainst(believed.high, "<=", limit)) {
    return ["pass", `${words}, and the interval lies below it.`];
  }
  if (believed && pairs.pairs >= needed) return ["inconclusive", openWords(of, found, limit)];
  const most = formatMetric(of, "mean", limit);
  return [
    "inconclusive",
    `too few rows to tell a gap of ${most} from none: ${pairs.pairs} pairs, and ${needed} are needed.`,
  ];
}

/** How far apart, whichever way. */
function pairsGap({ difference, interval }: PairsMeasure): GapMeasure | undefined {
  if (difference === null) return undefined;
  const between: [string, string] =
    difference >= 0 ? ["second words", "first words"] : ["first words", "second words"];
  return {
    between,
    value: Math.abs(difference),
    interval: interval && {
      low: Math.max(0, interval.low, -interval.high),
      high: Math.max(interval.high, -interval.low),
    },
  };
}

function gapWords(metric: string, { between: [higher, lower], value }: GapMeasure, limit: number): string {
  const shown = formatAgainst(metric, "mean", value, limit);
  return `${higher} is ${shown.value} above ${lower}, needs <= ${shown.limit}`;
}

function openWords(metric: string, gap: GapMeasure, limit: number): string {
  const shown = (value: number): string => formatMetric(metric, "mean", value);
  const interval = gap.interval ? `, ${shown(gap.interval.low)} to ${shown(gap.interval.high)},` : "";
  return `${gapWords(metric, gap, limit)}, and the interval${interval} holds the limit: these rows do not tell on which side it is. More would, or a limit farther off.`;
}
