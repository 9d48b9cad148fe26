import { HISTORY_NAMES } from "./chat-history.ts";
import type { CheckedStep } from "./check-steps.ts";
import type { FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import type { PromptyDraft } from "./prompty.ts";
import { templateOf } from "./render-messages.ts";
import type { Unread } from "./unread.ts";

/**
 * Warns of steps that hide an input, because their result stands under its name, and of steps whose result nobody uses.
 * `used` is what else may use them, because it could not be read.
 */
export function checkStepNames(
  steps: readonly CheckedStep[],
  prompts: readonly PromptyDraft[],
  rowFields: ReadonlySet<string>,
  used: Unread,
  { yaml, findings }: Pick<FlowContext, "yaml" | "findings">,
): void {
  const asked = new Set(steps.flatMap(({ uses, taken }) => [...uses, ...taken].map(({ name }) => name)));
  for (const { prompt, hasTemplate } of prompts)
    if (hasTemplate) for (const { name } of templateOf(prompt).names) asked.add(name);
  const canTell = prompts.every(({ hasTemplate }) => hasTemplate);
  for (const { name, at } of steps) {
    if (name === undefined) continue;
    const place = yaml.placeOf(at, "key");
    const declared = prompts.find(({ prompt }) =>
      prompt.inputs.some((input) => input.name === name && input.default !== undefined),
    );
    const hidden = rowFields.has(name)
      ? `the ${name} that the rows give`
      : declared && `the default that ${declared.prompt.path} has for ${name}`;
    if (hidden !== undefined) {
      const message = `The step ${name} hides ${hidden}: its result stands in its place.`;
      findings.warning(FLOW_FILE, place, message, "Give the step another name, and use that one.");
    }
    // A history need not be printed to be sent.
    const unused = !asked.has(name) && !HISTORY_NAMES.includes(name) && !used.mayKnow(name, asked);
    if (!canTell || !unused) continue;
    const message = `Nobody uses the result of the step ${name}.`;
    findings.warning(FLOW_FILE, place, message, `Use it in a prompt, as {{ ${name} }}, or remove the step.`);
  }
}
