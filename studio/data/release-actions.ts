import type { ReleasePointer } from "../../shared/model/release.ts";
import type { FlowStatus, ReleaseVerb } from "../../shared/model/status.ts";

/** What a person may do to a release now, and what it would mean. */
export interface ReleaseAction {
  verb: ReleaseVerb;
  label: string;
  /** What happens, in a sentence with the versions it is about. */
  consequence: string;
  /** Of `promote`: which version, where none is being rolled out. */
  version?: string;
  isDangerous: boolean;
}

/** The actions that the state of a release allows, the most expected first; as `decideCommand` would grant them. */
export function releaseActions({ release, change }: FlowStatus): ReleaseAction[] {
  if (!release) return [];
  const { state, rollout, canary, stable, previous, stopped } = release;
  const candidate = rollout?.candidate.version;
  const latest = change?.outcome.kind === "accepted" ? change.outcome.version : undefined;
  const isUnseenAtFirst = rollout?.plan.kind === "canary" && rollout.plan.shadow !== undefined;
  const actions: (ReleaseAction | false | undefined)[] = [
    (state === "awaiting_approval" || (state === "paused" && rollout?.paused === "approval")) && {
      verb: "approve",
      label: "Approve",
      consequence: canary
        ? isLastStep(release)
          ? `${candidate} serves everybody.`
          : `${candidate} goes on to its next step.`
        : isUnseenAtFirst
          ? `${candidate} begins to answer a share of the turns, seen by nobody.`
          : `${candidate} begins to answer a share of the sessions.`,
      isDangerous: false,
    },
    state === "paused" &&
      rollout?.paused !== "approval" && {
        verb: "resume",
        label: "Resume",
        consequence:
          canary?.step === 0
            ? `${candidate} answers unseen again. The time for that begins anew; the turns that were compared count.`
            : `${candidate} goes on at its share of the sessions. The time of the step begins anew; the sessions that it has had count.`,
        isDangerous: false,
      },
    canary !== undefined &&
      (state === "canary" || state === "promoting") && {
        verb: "pause",
        label: "Pause",
        consequence:
          canary.step === 0
            ? `${candidate} stays unseen until somebody resumes it.`
            : `${candidate} stays at its share of the sessions until somebody resumes it.`,
        isDangerous: false,
      },
    rollout !== undefined &&
      state !== "aborting" && {
        verb: "abort",
        label: "Abort",
        consequence:
          state === "soaking"
            ? `${candidate} is taken back: ${previous?.version ?? "the version before"} serves everybody again.`
            : `${candidate} is taken back: ${stable?.version ?? "production"} serves everybody.`,
        isDangerous: true,
      },
    rollout === undefined &&
      stable &&
      previous && {
        verb: "rollback",
        label: "Roll back",
        consequence: `Production serves ${previous.version} again, in place of ${stable.version}.`,
        isDangerous: true,
      },
    rollout !== undefined &&
      !["soaking", "aborting", "promoting"].includes(state) && {
        verb: "promote",
        label: "Promote now",
        consequence: `${candidate} serves everybody at once, whatever is missing.`,
        isDangerous: true,
      },
    rollout === undefined &&
      latest !== undefined &&
      latest !== stable?.version && {
        verb: "promote",
        label: "Promote anyway",
        version: latest,
        consequence: `${latest} serves everybody at once, whatever its verdict was.`,
        isDangerous: true,
      },
    stable &&
      !stopped && {
        verb: "stop",
        label: "Stop the flow",
        consequence: "The flow answers nobody until somebody lets it serve again.",
        isDangerous: true,
      },
    stopped && {
      verb: "serve",
      label: "Serve again",
      consequence: `The flow answers again, by ${stable?.version ?? "production"}.`,
      isDangerous: false,
    },
  ];
  return actions.filter((action) => action !== false && action !== undefined);
}

/** Whether everybody comes next. */
function isLastStep({ canary, rollout }: ReleasePointer): boolean {
  return rollout?.plan.kind === "canary" && canary?.step === rollout.plan.steps.length;
}
