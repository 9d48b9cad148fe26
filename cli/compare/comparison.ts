import type { ComparedCombination } from "../../shared/evaluation/compare-combinations.ts";
import type { Combination } from "../../shared/flow/variant-combinations.ts";
import type { RunPlan } from "../../shared/model/run.ts";

/** What a comparison will do, known before it costs anything. */
export interface ComparisonPlan {
  flow: string;
  rows: number;
  /** Rows that the datasets have. */
  ofRows: number;
  /** With the base; those that are another one's double are left out. */
  compared: number;
  /** Model calls with nothing recorded, and those left to make. */
  calls: number;
  callsToMake: number;
  /** Combinations that come to the same as another, and which. */
  same: { name: string; as: string }[];
}

/** What came of it. Best first. */
export interface Comparison extends ComparisonPlan {
  /** The flow's own. */
  prompt: string;
  models: RunPlan["models"];
  made: number;
  saved: number;
  notices: string[];
  combinations: (ComparedCombination & {
    /** The version's id if the combination only replaces the prompt, else a hash of it with model and parameters. */
    version: string;
    chosen: Combination["chosen"];
    /** Rows with an error, and what the first one says. */
    errors: { rows: number; first: string | undefined };
  })[];
}
