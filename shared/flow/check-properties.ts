import type { Findings } from "./diagnostics.ts";
import { nearestName } from "./nearest-name.ts";
import type { ParsedYaml } from "./parse-yaml.ts";
import type { PromptyAgent } from "./prompty-agent.ts";
import { isPropertyKind, PROPERTY_KINDS } from "./prompty-property.ts";

const MAX_REPORTED = 100;

/** Inputs and outputs without a name, with a name twice, or of a kind that there is not. */
export function checkProperties(
  path: string,
  agent: PromptyAgent,
  yaml: ParsedYaml,
  findings: Findings,
): void {
  const before = findings.list.length;
  for (const part of ["inputs", "outputs"] as const) {
    const listed = Array.isArray((yaml.value as Record<string, unknown>)[part]);
    const seen = new Set<string>();
    for (const [index, { name, kind }] of (agent[part] ?? []).entries()) {
      if (findings.list.length - before >= MAX_REPORTED) return;
      const place = yaml.placeOf([part, listed ? index : name], "key");
      if (name === "") {
        findings.error(
          path,
          place,
          `One of the ${part} has no name.`,
          "Write name: and the name the template uses.",
        );
      } else if (seen.has(name)) {
        findings.error(path, place, `${name} is declared twice among the ${part}.`, "Remove one of the two.");
      }
      seen.add(name);
      if (isPropertyKind(kind)) continue;
      const near = nearestName(kind, PROPERTY_KINDS);
      const known = `Known kinds: ${PROPERTY_KINDS.join(", ")}.`;
      const remedy = near === undefined ? known : `Did you mean ${near}? ${known}`;
      findings.warning(path, place, `${name} is of the kind ${kind}, which there is not.`, remedy);
    }
  }
}
