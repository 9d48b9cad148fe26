import type { Findings } from "./diagnostics.ts";
import { isFields } from "./prompty-property.ts";
import { resolveReferences, type ReferenceSources } from "./resolve-references.ts";

/**
 * The values a prompt's author tried it with: written out, or in a file that is named. It gives no answers, so a file
 * that is missing is no error, and one that cannot be read a warning: then there is no sample.
 */
export function readSample(
  written: unknown,
  sources: ReferenceSources,
  findings: Findings,
): Record<string, unknown> | undefined {
  const named = typeof written === "string" && /^[^${}:]{1,300}\.(?:json|ya?ml)$/i.test(written.trim());
  const { value, findings: found } = resolveReferences(
    named ? `\${file:${written.trim()}}` : written,
    sources,
  );
  for (const { file, message, remedy, ...place } of found) findings.warning(file, place, message, remedy);
  return isFields(value) ? value : undefined;
}
