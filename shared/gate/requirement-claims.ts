import { rowMetric } from "../evaluation/row-metric.ts";
import type { GateRequirement } from "../model/flow.ts";
import type { RequirementResult } from "../model/run.ts";
import { absoluteCount } from "./absolute-count.ts";
import type { Claim, ClaimSide, FoldDesign, FoldedRow } from "./claim.ts";
import { countSides } from "./count-claim.ts";
import { isLowerBetter } from "./lower-is-better.ts";
import { linearSides } from "./linear-claim.ts";
import { capBreach, meanCap } from "./mean-cap.ts";
import { measuredValue } from "./measured-value.ts";
import type { FactsOf, MetricFacts } from "./metric-facts.ts";
import { relativeMargin } from "./relative-margin.ts";

type Threshold = NonNullable<GateRequirement["threshold"]>;
type Sides = { pass: ClaimSide; fail: ClaimSide } | undefined;

/**
 * What a gate's requirements claim, in the order in which `judgeGate` gives its results, without those of safety
 * metrics: they are judged at the end, on all rows.
 */
export function requirementClaims(
  gate: readonly GateRequirement[],
  design: FoldDesign,
  factsOf: FactsOf,
): Claim[] {
  return gate.flatMap((requirement) => {
    const facts = factsOf(requirement.metric);
    if (facts.safety) return [];
    const { threshold, noWorseThan } = requirement;
    if (facts.withheld !== undefined || (facts.comparative && !design.baseline)) {
      // Neither side can be shown, and no row alone fails it.
      const open = (kind: Claim["kind"]): Claim => ({
        ...claim(requirement, kind, undefined),
        onlyMeasured: true,
        breach: () => undefined,
      });
      return [...(threshold ? [open("absolute")] : []), ...(noWorseThan ? [open("relative")] : [])];
    }
    return [
      ...(threshold ? [absoluteClaim(requirement, threshold, facts, design)] : []),
      ...(noWorseThan ? [relativeClaim(requirement, noWorseThan, facts, design)] : []),
    ];
  });
}

function absoluteClaim(
  requirement: GateRequirement,
  threshold: Threshold,
  facts: MetricFacts,
  design: FoldDesign,
): Claim {
  const { metric } = requirement;
  const count = absoluteCount(requirement, threshold, design.rows);
  if (count) return claim(requirement, "absolute", countSides(count, design));
  const cap = meanCap(requirement, facts, null);
  const max = cap ?? facts.max;
  const sign = threshold.comparison === ">=" ? 1 : -1;
  const sides = linearSides(-sign * threshold.value, [
    { read: (row) => rowMetric(row.candidate, metric)?.value, min: facts.min, max, weight: sign },
  ]);
  return claim(requirement, "absolute", sides, cap);
}

function relativeClaim(
  requirement: GateRequirement,
  margin: NonNullable<GateRequirement["noWorseThan"]>,
  facts: MetricFacts,
  design: FoldDesign,
): Claim {
  const { metric, statistic } = requirement;
  // Nothing can be worse than no baseline, but what is gated must be measured on every row.
  if (!design.baseline) return { ...claim(requirement, "relative", undefined), onlyMeasured: true };
  const summary = design.known?.find((known) => known.metric === metric);
  const known = measuredValue(summary, statistic);
  const shape = relativeMargin(requirement, margin, facts);
  if (shape === undefined) {
    // A percentile or maximum of the baseline has to be known before a row can be held against it.
    const limit = known === null ? undefined : relativeLimit(known, margin, isLowerBetter(requirement));
    const count = limit && absoluteCount(requirement, limit, design.rows);
    return claim(requirement, "relative", count && countSides(count, design));
  }
  const cap = meanCap(requirement, facts, known);
  const { read, min } = shape;
  const max = cap ?? shape.max;
  const sides = linearSides(shape.constant(design.rows), [
    { read: (row) => read(row.candidate), min, max, weight: shape.candidate },
    { read: (row) => row.baseline && read(row.baseline), min, max, weight: shape.baseline },
  ]);
  return claim(requirement, "relative", sides, cap);
}

function relativeLimit(
  known: number,
  margin: NonNullable<GateRequirement["noWorseThan"]>,
  lowerIsBetter: boolean,
): Threshold {
  const loss = "absolute" in margin ? margin.absolute : Math.abs(known) * margin.relative;
  return lowerIsBetter
    ? { comparison: "<=", value: known + loss }
    : { comparison: ">=", value: known - loss };
}

function claim(
  { metric, statistic }: GateRequirement,
  kind: RequirementResult["kind"],
  sides: Sides,
  cap?: number,
): Claim {
  return {
    metric,
    statistic,
    kind,
    pass: sides?.pass,
    fail: sides?.fail,
    onlyMeasured: false,
    breach: (row: FoldedRow) => capBreach(metric, rowMetric(row.candidate, metric)?.value, cap),
  };
}
