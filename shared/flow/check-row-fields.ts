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
/** Letters that differ, at most a third: no synonym, and no word with another before it. */
const SLIP = 0.34;

/** A field that nobody uses, in a row that lacks an input which is called nearly so. */
interface Misspelt {
  field: string;
  near: string;
  row: PlacedRow;
}

/**
 * Warns of the fields of rows that nobody uses and that are called nearly as an input is which their row lacks: the
 * input would silently take its default. Where no row gives that input it is said once, else of each row. `prompts` are
 * all that may answer.
 */
export function createRowFieldsCheck(
  prompts: readonly PromptyDraft[],
  steps: readonly CheckedStep[],
  { files, findings }: Pick<FlowContext, "files" | "findings">,
): RowCheck {
  const drafts = [...prompts, ...steps.flatMap(({ draft }) => draft ?? [])];
  const found = new Set(steps.flatMap(({ name }) => name ?? []));
  const inputs = new Set(drafts.flatMap(({ prompt }) => prompt.inputs.map(({ name }) => name)));
  const declared = [...inputs].filter((name) => !found.has(name));
  const used = drafts.flatMap(({ prompt, hasTemplate }) =>
    hasTemplate ? templateOf(prompt).names.map(({ name }) => name) : [],
  );
  const ofSteps = steps.flatMap(({ uses, taken }) => [...uses, ...taken].map(({ name }) => name));
  const known = new Set([...inputs, ...used, ...ofSteps, ...NOT_INPUTS, ...HISTORY_NAMES]);
  const given = new Set<string>();
  const misspelt: Misspelt[] = [];
  /** By the field and what its row lacks: rows are many, and mostly alike. */
  const nearest = new Map<string, string | undefined>();
  const nearestOf = (field: string, lacking: readonly string[]): string | undefined => {
    const key = [field, ...lacking].join("\n");
    if (!nearest.has(key)) {
      const isUnread = drafts.some(({ unread }) => unread.mayKnow(field, []));
      nearest.set(key, isUnread ? undefined : nearestName(field, lacking));
    }
    return nearest.get(key);
  };
  const perField = new Map<string, number>();
  return {
    add(row) {
      const fields = Object.keys(row.fields);
      for (const field of fields) given.add(field);
      const unknown = fields.filter((field) => !known.has(field));
      const lacking = unknown.length === 0 ? [] : declared.filter((name) => !Object.hasOwn(row.fields, name));
      for (const field of lacking.length === 0 ? [] : unknown) {
        const near = nearestOf(field, lacking);
        const count = perField.get(field) ?? 0;
        if (near === undefined || count > MAX_REPORTED) continue;
        perField.set(field, count + 1);
        misspelt.push({ field, near, row });
      }
    },
    end() {
      const placeOf = createFieldPlaces(files);
      const told = new Set<string>();
      let reported = 0;
      for (const { field, near, row } of misspelt) {
        const isSystematic = !given.has(near);
        // Rows of several kinds have fields of their own: only a slip is no such field.
        if (isSystematic ? told.has(field) : nearestName(field, [near], SLIP) === undefined) continue;
        const place = placeOf(row, field);
        if (place === undefined) continue;
        told.add(field);
        reported += 1;
        if (reported > MAX_REPORTED) return;
        const lacks = isSystematic ? `no row gives ${near}` : `the row lacks ${near}`;
        const message = `Nobody uses the field ${field}, and ${lacks}.`;
        findings.warning(row.file, place, message, `Did you mean ${near}?`);
      }
    },
  };
}
