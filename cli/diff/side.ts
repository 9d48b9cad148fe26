import type { VersionRun } from "../../shared/model/status.ts";
import type { SuiteSnapshot } from "../../shared/report/suite-changes.ts";
import type { VersionSnapshot } from "../../shared/report/version-changes.ts";

/** One side of a comparison: a version of the registry, or a folder as it would be pushed. */
export interface DiffSide {
  /** `shop@3f9a1c2e8b04`, with what it was called by. */
  label: string;
  flow: string;
  version: string;
  snapshot: VersionSnapshot;
  /** What it was judged by last; undefined where it was not. */
  suite: SuiteSnapshot | undefined;
  /** Newest first. */
  runs: VersionRun[];
}
