import type { Diagnostic } from "../model/flow.ts";
import type { Place } from "./diagnostics.ts";
import { FLOW_FILE } from "./flow-file.ts";

/** A path that is missing is reported where `flow.yaml` names it. */
export function placedInFlow(found: Diagnostic, places: { path: string; place: Place }[]): Diagnostic {
  if (found.file !== FLOW_FILE) return found;
  const named = places.find(({ path }) => found.message.endsWith(` ${path}.`));
  return named === undefined ? found : { ...found, ...named.place };
}
