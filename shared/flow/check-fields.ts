import type { Findings } from "./diagnostics.ts";
import { nearestName } from "./nearest-name.ts";
import { ownField } from "./own-field.ts";
import { isFields } from "./prompty-property.ts";
import type { Prompty } from "./prompty.ts";
import { placeInTemplate, templateOf } from "./render-messages.ts";

/** More findings than this about one prompt help nobody. */
const MAX_REPORTED = 100;

/**
 * Warns of a field that no value of an input has, where it has another one that is called nearly so: nothing would be
 * printed in its place. `examples` are values that an input has.
 */
export function checkFields(
  prompt: Prompty,
  examples: (name: string) => readonly unknown[],
  findings: Findings,
): void {
  const reported = new Set<string>();
  for (const { name, at, path = [], guarded } of templateOf(prompt).names) {
    if (guarded || path.length === 0 || reported.size >= MAX_REPORTED) continue;
    let values = examples(name).filter((value) => value !== undefined);
    for (const [depth, field] of path.entries()) {
      // What holds anything else may have fields of its own, as a text has methods.
      if (values.length === 0 || !values.every((value) => isFields(value))) break;
      const whole = [name, ...path.slice(0, depth), field].join(".");
      const keys = new Set(values.flatMap((value) => Object.keys(value)));
      const near = keys.has(field) ? undefined : nearestName(field, keys);
      if (near !== undefined && !reported.has(whole)) {
        reported.add(whole);
        const message = `${whole} is not there: no ${[name, ...path.slice(0, depth)].join(".")} has a field ${field}.`;
        findings.warning(prompt.path, placeInTemplate(prompt, at), message, `Did you mean ${near}?`);
      }
      values = values
        .map((value) => ownField(value, field))
        .filter((value) => value !== undefined && value !== null);
    }
  }
}
