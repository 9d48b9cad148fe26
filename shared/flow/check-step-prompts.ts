import { HISTORY_NAMES } from "./chat-history.ts";
import { checkImages } from "./check-images.ts";
import { checkInputs } from "./check-inputs.ts";
import type { CheckedStep } from "./check-steps.ts";
import type { Findings } from "./diagnostics.ts";
import { createUnread, type Unread } from "./unread.ts";

/** What a step's prompt can take besides what its step gives. */
interface OuterSupply {
  names: ReadonlySet<string>;
  examples(name: string): readonly unknown[];
  unread: Unread;
  /** The prompt that answers, and what the steps use: a step may run it too. */
  answering: { path: string; usedElsewhere: ReadonlySet<string> };
}

const WHOLE_NAME = /^\s*\{\{\s*(\w+)\s*\}\}\s*$/;

/** Holds the prompts of the steps against what each step gives, and what its prompt takes by name. */
export function checkStepPrompts(
  steps: readonly CheckedStep[],
  { names, examples, unread, answering }: OuterSupply,
  findings: Findings,
): void {
  for (const { definition, draft } of steps) {
    if (draft === undefined || definition?.kind !== "prompt") continue;
    const { prompt } = draft;
    checkImages(prompt, findings);
    if (!draft.hasTemplate) continue;
    const given = new Map(Object.entries(definition.inputs));
    const defaults = prompt.inputs.filter((input) => input.default !== undefined).map(({ name }) => name);
    const supplied = new Set([...names, ...given.keys(), ...defaults]);
    // A chat gives a history, whether or not the rows have one.
    if (!HISTORY_NAMES.some((name) => supplied.has(name)))
      for (const name of HISTORY_NAMES) supplied.add(name);
    checkInputs(
      prompt,
      {
        names: supplied,
        usedElsewhere: prompt.path === answering.path ? answering.usedElsewhere : new Set(),
        examples: (name) => (given.has(name) ? examplesOf(given.get(name), examples) : examples(name)),
        unread: { given: createUnread(unread, draft.unread), used: draft.unread },
      },
      findings,
    );
  }
}

/** The values that what a step gives can have, as far as that is plain without rendering it. */
function examplesOf(written: unknown, examples: OuterSupply["examples"]): readonly unknown[] {
  if (typeof written !== "string") return [written];
  const name = WHOLE_NAME.exec(written)?.[1];
  if (name !== undefined) return examples(name);
  return /\{[{%]/.test(written) ? [] : [written];
}
