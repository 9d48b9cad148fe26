import type { ReleaseState } from "../../shared/model/release.ts";
import type { FlowStatus } from "../../shared/model/status.ts";
import { Badge, type Tone } from "./badge.tsx";

const STATES: Record<ReleaseState, [tone: Tone, word: string]> = {
  idle: ["pass", "serving"],
  awaiting_approval: ["open", "waits for approval"],
  canary: ["run", "canary"],
  paused: ["open", "paused"],
  promoting: ["run", "promoting"],
  soaking: ["run", "soaking"],
  aborting: ["run", "going back"],
  blocked: ["fail", "blocked"],
};

/** What a flow is doing, in a word or two. */
export function FlowState({ status: { release, run, earlierRun } }: { status: FlowStatus }) {
  if (release?.stopped) return <Badge tone="fail">stopped</Badge>;
  if (release?.state === "canary" && release.canary?.step === 0) {
    return <Badge tone="run">answers unseen</Badge>;
  }
  if (release && release.state !== "idle") {
    const [tone, word] = STATES[release.state];
    return (
      <Badge tone={release.rollout?.paused === "approval" ? "open" : tone}>
        {release.rollout?.paused === "approval" ? "waits for approval" : word}
      </Badge>
    );
  }
  if ((run ?? earlierRun)?.state === "running") return <Badge tone="run">evaluating</Badge>;
  if (!release?.stable) return <Badge tone="none">nothing serves</Badge>;
  return <Badge tone="pass">serving</Badge>;
}
