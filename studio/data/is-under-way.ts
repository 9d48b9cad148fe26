import type { FlowList, FlowStatus } from "../../shared/model/status.ts";

/** Whether a flow changes by itself at this moment: a run goes on, or a release does. */
export function isUnderWay({ run, earlierRun, release }: FlowStatus): boolean {
  return (run ?? earlierRun)?.state === "running" || (release !== undefined && release.state !== "idle");
}

export function isAnyUnderWay({ flows }: FlowList): boolean {
  return flows.some(isUnderWay);
}
