import { isFields } from "./prompty-property.ts";
import { resolveReferences, type ReferenceSources } from "./resolve-references.ts";

/**
 * The values a prompt's author tried it with: written out, or in a file that is named. It gives no answers, so a file
 * that is missing is no error: then there is no sample.
 */
export function readSample(written: unknown, sources: ReferenceSources): Record<string, unknown> | undefined {
  const named = typeof written === "string" && /^[^${}:]{1,300}\.(?:json|ya?ml)$/i.test(written.trim());
  const { value } = resolveReferences(named ? `\${file:${written.trim()}}` : written, sources);
  return isFields(value) ? value : undefined;
}
