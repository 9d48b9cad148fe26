import type { Interval } from "../statistics/interval.ts";
import type { FairnessRequirement } from "./flow.ts";

/** A gap between groups or to counterfactuals, as a run measured it; whether it is accepted is the verdict's to say. */
export interface FairnessMeasure {
  requirement: FairnessRequirement;
  /** Largest first; none where the gap is to counterfactuals. */
  groups: GroupMeasure[];
  /** Rows that are in no group, for want of a value to group by. */
  ungrouped: number;
  /** Distinct groups where there are too many to compare. */
  tooMany: boolean;
  /** Rows, or pairs, with which a gap of the accepted size is told from none; in each group. */
  needed: number;
  /** Of the two groups that are farthest apart, of those whose interval can be believed. */
  gap: GapMeasure | undefined;
  /** Of a counterfactual; else undefined. */
  pairs: PairsMeasure | undefined;
}

export interface GroupMeasure {
  group: string;
  rows: number;
  /** Rows without a value. */
  missing: number;
  /** Conversations, documents or single rows that have a value. */
  clusters: number;
  mean: number | null;
  /** 95 %, of this group alone. */
  interval: Interval | undefined;
  /** Whether it has the rows that are needed. */
  enough: boolean;
}

export interface GapMeasure {
  /** The groups, the one with the higher mean first. */
  between: [string, string];
  value: number;
  /** 95 %, of the widest gap between any two of the groups, whatever the values that are missing. */
  interval: Interval | undefined;
}

export interface PairsMeasure {
  /** Rows with their counterfactual that both have a value, and those where one has none. */
  pairs: number;
  missing: number;
  clusters: number;
  /** The mean with the pairs' second words minus that with their first. */
  difference: number | null;
  interval: Interval | undefined;
}
