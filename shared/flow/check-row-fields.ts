import { HISTORY_NAMES } from "./chat-history.ts";
import type { CheckedStep } from "./check-steps.ts";
import type { PlacedRow } from "./dataset-rows.ts";
import { NOT_INPUTS } from "./dataset-row-schema.ts";
import { createFieldPlaces } from "./field-places.ts";
import type { FlowContext } from "./flow-context.ts";
import { nearestName } from "./nearest-name.ts";
import type { PromptyDraft } from "./prompty.ts";
import { templateOf } from "./render-messages.ts";
import type { RowCheck } from "./row-check.ts";

/** More findings than this about one flow's rows help nobody. */
const MAX_REPORTED = 20;

/**
 * Warns once of each field of the rows that nobody uses and that is called nearly as an input is which no row gives:
 * the input would silently take its default. `prompts` are all that may answer.
 */
export function createRowFieldsCheck(
  prompts: readonly PromptyDraft[],
  steps: readonly CheckedStep[],
  { files, findings }: Pick<FlowContext, "files" | "findings">,
): RowCheck {
  const first = new Map<string, PlacedRow>();
  return {
    add(row) {
      for (const name of Object.keys(row.fields)) if (!first.has(name)) first.set(name, row);
    },
    end() {
      const drafts = [...prompts, ...steps.flatMap(({ draft }) => draft ?? [])];
      const declared = drafts.flatMap(({ prompt }) => prompt.inputs.map(({ name }) => name));
      const used = drafts.flatMap(({ prompt, hasTemplate }) =>
        hasTemplate ? templateOf(prompt).names.map(({ name }) => name) : [],
      );
      const ofSteps = steps.flatMap(({ uses, taken }) => [...uses, ...taken].map(({ name }) => name));
      const known = new Set([...declared, ...used, ...ofSteps, ...NOT_INPUTS, ...HISTORY_NAMES]);
      const found = new Set(steps.flatMap(({ name }) => name ?? []));
      const lacking = declared.filter((name) => !first.has(name) && !found.has(name));
      const placeOf = createFieldPlaces(files);
      let reported = 0;
      for (const [field, row] of lacking.length === 0 ? [] : first) {
        if (known.has(field) || drafts.some(({ unread }) => unread.mayKnow(field, []))) continue;
        const near = nearestName(field, lacking);
        const place = near === undefined ? undefined : placeOf(row, field);
        if (near === undefined || place === undefined) continue;
        reported += 1;
        if (reported > MAX_REPORTED) return;
        const message = `Nobody uses the field ${field}, and no row gives ${near}.`;
        findings.warning(row.file, place, message, `Did you mean ${near}?`);
      }
    },
  };
}
