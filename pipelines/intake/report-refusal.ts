import type { FlowSource, IntakeState } from "../../shared/model/intake.ts";
import { createJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import type { IntakeDependencies } from "./intake-dependencies.ts";

/**
 * Tells those who watch of a refusal, subscribers by event and operators by telemetry, and keeps it for the history.
 * What is kept is also the mark that it was told: called again, it does nothing, or what an earlier call left undone.
 */
export async function reportRefusal(
  source: FlowSource,
  state: IntakeState,
  { store, events, telemetry, clock }: IntakeDependencies,
): Promise<void> {
  if (state.outcome.kind !== "refused") return;
  const name = registryPath.refusal(source, state.sequence);
  if (await store.read("registry", name)) return;
  const errors = state.outcome.diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  telemetry.event("flowgate.change.refused", {
    "flowgate.flow": source.flow,
    "flowgate.container": source.container,
    "flowgate.problems": errors.length,
  });
  await events.publish({
    id: `${source.flow}-refused-${source.container}-${state.fingerprint.slice(0, 16)}`,
    type: "Flowgate.ChangeRefused",
    subject: `flows/${source.flow}`,
    time: clock.now(),
    data: { flow: source.flow, source, commit: state.commit, problems: errors.slice(0, 50) },
  });
  await createJson(store, "registry", name, state);
}
