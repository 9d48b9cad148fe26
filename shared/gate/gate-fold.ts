import type { GateRequirement } from "../model/flow.ts";
import { metricWords } from "../model/format-metric.ts";
import type { SequentialClaim, SequentialFinding } from "../model/run.ts";
import { type Bet, betPValue, createBet, drawValue } from "../statistics/bet.ts";
import { clusterValue } from "../statistics/cluster-value.ts";
import { holm } from "../statistics/holm.ts";
import type { Claim, ClaimSide, FoldDesign, FoldedRow } from "./claim.ts";
import type { FactsOf } from "./metric-facts.ts";
import { requirementClaims } from "./requirement-claims.ts";

const ALPHA = 0.05;

/** A fold as far as it has come: plain JSON, to go on from in another process. */
export interface GateFoldState {
  clusters: number;
  rows: number;
  /** A bet on each side of each claim; null where that side is known only when all rows are in. */
  claims: { pass: Bet | null; fail: Bet | null; breach: string | null }[];
  decision: GateDecision | null;
}

export interface GateDecision {
  outcome: "pass" | "fail";
  /** The requirements that decided, in words. */
  decidedBy: string[];
}

/** Folds rows in visiting order into the verdict of a gate, which stands as soon as it is certain enough. */
export interface GateFold {
  /**
   * One cluster: rows of one conversation or document, or a single row. Throws `RangeError` where it is not of the
   * design. After a decision it changes nothing.
   */
  add(cluster: readonly FoldedRow[]): void;
  /** Undefined while it is open, and with all rows in where the exact comparison decides. Once there, it stands. */
  decision(): GateDecision | undefined;
  finding(): SequentialFinding;
  state(): GateFoldState;
}

/**
 * The sequential verdict: each requirement is a claim on the mean of something bounded, and both that it holds and that
 * it does not are bet on, without replacement where only these rows are meant. After each cluster: a capped row above
 * its cap fails; any "does not hold" that Holm's correction leaves at or below alpha fails; all "holds" at or below
 * alpha pass (intersection-union, no correction). A wrong pass, and a wrong fail, is then no likelier than alpha, though
 * one looks after every cluster, as long as clusters come in an order that does not depend on their results.
 *
 * Requirements of safety metrics are left out (`judgeSafety`). Where the gate has some and no dataset of their own is
 * run in full, nothing is decided before all rows are in.
 */
export function createGateFold(
  gate: readonly GateRequirement[],
  design: FoldDesign,
  factsOf: FactsOf,
  saved?: GateFoldState,
): GateFold {
  const claims = requirementClaims(gate, design, factsOf);
  const state = saved ? structuredClone(saved) : start(claims, design);
  if (state.claims.length !== claims.length) {
    throw new RangeError(
      `The saved fold has ${state.claims.length} claims, the gate ${claims.length}: it is of another gate.`,
    );
  }
  const alpha = design.alpha ?? ALPHA;
  const needsAllRows =
    design.safetyApart !== true && gate.some(({ metric }) => factsOf(metric).safety !== undefined);
  // With every row in, the exact comparison says it of the dataset.
  const mayDecide = (): boolean =>
    !needsAllRows || (design.scope === "population" && state.rows === design.rows);

  return {
    add(cluster) {
      if (state.decision) return;
      checkCluster(cluster, state, design);
      state.clusters += 1;
      state.rows += cluster.length;
      for (const [index, claim] of claims.entries()) {
        const bets = state.claims[index];
        if (!bets) continue;
        bets.pass = drawn(bets.pass, claim.pass, cluster, design);
        bets.fail = drawn(bets.fail, claim.fail, cluster, design);
        bets.breach ??= firstBreach(claim, cluster);
      }
      const decision = mayDecide() ? decide(claims, settle(claims, state, alpha)) : null;
      if (decision?.outcome !== "pass" || design.moreAsked !== true) state.decision = decision;
    },
    decision: () => state.decision ?? undefined,
    finding: () => ({
      scope: design.scope,
      outcome: state.decision?.outcome,
      alpha,
      rows: state.rows,
      ofRows: design.rows,
      claims: settle(claims, state, alpha).filter((_, index) => claims[index]?.onlyMeasured !== true),
    }),
    state: () => structuredClone(state),
  };
}

function start(claims: readonly Claim[], design: FoldDesign): GateFoldState {
  const bet = (side: ClaimSide | undefined): Bet | null => {
    if (!side) return null;
    return createBet(side.mean, design.scope === "population" && side.bets ? null : design.clusters);
  };
  return {
    clusters: 0,
    rows: 0,
    claims: claims.map(({ pass, fail }) => ({ pass: bet(pass), fail: bet(fail), breach: null })),
    decision: null,
  };
}

function checkCluster(cluster: readonly FoldedRow[], state: GateFoldState, design: FoldDesign): void {
  if (cluster.length === 0 || cluster.length > design.largestCluster) {
    throw new RangeError(
      `A cluster has ${cluster.length} rows; the design has clusters of 1 to ${design.largestCluster}.`,
    );
  }
  if (state.clusters >= design.clusters || state.rows + cluster.length > design.rows) {
    throw new RangeError(
      `More than the design's ${design.clusters} clusters or ${design.rows} rows are folded in.`,
    );
  }
}

function drawn(
  bet: Bet | null,
  side: ClaimSide | undefined,
  cluster: readonly FoldedRow[],
  design: FoldDesign,
): Bet | null {
  if (!bet || !side) return null;
  const value = clusterValue(cluster.map(side.value), side.mean, design.largestCluster);
  if (Number.isNaN(value)) return null;
  drawValue(bet, value);
  return bet;
}

function pValue(bet: Bet | null | undefined, side: ClaimSide | undefined): number {
  if (!bet || !side) return 1;
  return side.bets || bet.certain ? betPValue(bet) : 1;
}

function firstBreach(claim: Claim, cluster: readonly FoldedRow[]): string | null {
  for (const row of cluster) {
    const reason = claim.breach(row);
    if (reason !== undefined) return reason;
  }
  return null;
}

function settle(claims: readonly Claim[], state: GateFoldState, alpha: number): SequentialClaim[] {
  const failing = claims.map(({ fail }, index) => pValue(state.claims[index]?.fail, fail));
  const corrected = holm(failing);
  return claims.map(({ metric, statistic, kind, pass }, index) => {
    const { pass: bet = null, breach = null } = state.claims[index] ?? {};
    const passP = pValue(bet, pass);
    const fails = breach !== null || (corrected[index] ?? 1) <= alpha;
    return {
      metric,
      statistic,
      kind,
      passP,
      failP: failing[index] ?? 1,
      settled: fails ? "fail" : passP <= alpha ? "pass" : undefined,
      reason: breach ?? undefined,
    };
  });
}

function decide(claims: readonly Claim[], settled: readonly SequentialClaim[]): GateDecision | null {
  const failed = settled.filter((claim) => claim.settled === "fail");
  if (failed.length > 0) return { outcome: "fail", decidedBy: failed.map(words) };
  if (claims.length === 0 || settled.some((claim) => claim.settled !== "pass")) return null;
  return { outcome: "pass", decidedBy: settled.map(words) };
}

function words({ metric, statistic, kind }: SequentialClaim): string {
  return `${metricWords(metric, statistic)}${kind === "relative" ? " against the baseline" : ""}`;
}
