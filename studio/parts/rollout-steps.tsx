import type { CanaryRollout } from "../../shared/model/flow.ts";
import type { ReleasePointer } from "../../shared/model/release.ts";
import { duration } from "../data/format-time.ts";

interface Step {
  name: string;
  note: string;
  place: "done" | "current" | "coming";
}

/** The steps of a canary, which are behind it and which are to come. */
export function RolloutSteps({ release }: { release: ReleasePointer }) {
  const plan = release.rollout?.plan;
  if (plan?.kind !== "canary") return null;
  return (
    <ol class="steps" aria-label="Steps of the rollout">
      {stepsOf(release, plan).map(({ name, note, place }) => (
        <li key={name} class={place} aria-current={place === "current" ? "step" : undefined}>
          <span class="step-name">{name}</span>
          <span class="quiet small">{note}</span>
        </li>
      ))}
    </ol>
  );
}

function stepsOf({ state, canary, rollout }: ReleasePointer, plan: CanaryRollout): Step[] {
  const asksBefore = plan.approval === "first" || plan.approval === "each";
  const all = [
    ...(asksBefore ? [{ name: "approval", note: "by a person" }] : []),
    ...(plan.shadow ? [{ name: "unseen", note: `${plan.shadow.minTurns} turns that both answer` }] : []),
    ...plan.steps.map((share) => ({
      name: `${Number((share * 100).toFixed(2))} %`,
      note: `${plan.minSessions} sessions, ${duration(plan.minTimeMs)} at least`,
    })),
    { name: "everybody", note: plan.approval === "last" ? "after an approval" : "" },
    ...(plan.soakMs > 0 ? [{ name: "soaking", note: `watched for ${duration(plan.soakMs)}` }] : []),
  ];
  const first = (asksBefore ? 1 : 0) + (plan.shadow ? 1 : 0);
  const current =
    state === "awaiting_approval"
      ? 0
      : state === "promoting"
        ? first + plan.steps.length
        : state === "soaking"
          ? all.length - 1
          : canary
            ? first + canary.step - 1
            : -1;
  return all.map((step, index) => ({
    ...step,
    note: index === current && rollout?.paused === "approval" ? "waits for an approval" : step.note,
    place: index < current ? "done" : index === current ? "current" : "coming",
  }));
}
