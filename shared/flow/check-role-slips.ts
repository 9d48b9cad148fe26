import type { Findings } from "./diagnostics.ts";
import { editDistance } from "./edit-distance.ts";
import type { Prompty } from "./prompty.ts";
import { placeInTemplate } from "./render-messages.ts";

/** Roles whose names are long enough that a word one letter away is a slip: `uses:` is a word, `sytem:` is none. */
const ROLES = ["system", "assistant", "developer"];
const LONE_WORD = /^[ \t]*([A-Za-z]{5,12}):[ \t]*$/gm;
const MAX_REPORTED = 20;

/** Warns of a line that is nearly a role marker: it opens no message, and the model reads it as text. */
export function checkRoleSlips(prompt: Prompty, findings: Findings): void {
  let reported = 0;
  for (const found of prompt.template.matchAll(LONE_WORD)) {
    const word = (found[1] ?? "").toLowerCase();
    const meant = ROLES.find((role) => word !== `${role}s` && editDistance(word, role, 1) === 1);
    if (meant === undefined) continue;
    reported += 1;
    if (reported > MAX_REPORTED) return;
    const place = placeInTemplate(prompt, found.index);
    const message = `${found[0].trim()} is no role: it opens no message, and stands in the one before it.`;
    findings.warning(prompt.path, place, message, `Did you mean ${meant}:?`);
  }
}
