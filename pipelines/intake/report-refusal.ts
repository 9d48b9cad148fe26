import type { Diagnostic } from "../../shared/model/flow.ts";
import type { FlowSource, IntakeState } from "../../shared/model/intake.ts";
import { createJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import type { IntakeDependencies } from "./intake-dependencies.ts";

/** Keeps a refusal for the history and tells those who watch: subscribers by event, operators by telemetry. */
export async function reportRefusal(
  source: FlowSource,
  state: IntakeState,
  diagnostics: Diagnostic[],
  { store, events, telemetry, clock }: IntakeDependencies,
): Promise<void> {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  await createJson(store, "registry", registryPath.refusal(source.flow, state.sequence), state);
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
}
