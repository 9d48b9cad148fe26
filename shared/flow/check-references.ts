import { HISTORY_NAMES } from "./chat-history.ts";
import type { CheckedStep } from "./check-steps.ts";
import type { FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { nearestName } from "./nearest-name.ts";
import type { Unread } from "./unread.ts";

/** More findings than this about one prompt's steps help nobody. */
const MAX_REPORTED = 100;

/** Names that inputs may have. */
export interface KnownInputs {
  /** There in every evaluation. */
  sure: ReadonlySet<string>;
  /** There only when a client sends them. */
  declared: ReadonlySet<string>;
  /** What may be there besides. */
  unread: Unread;
}

/** Holds what the steps use against the inputs and the steps there are. Returns the names they use. */
export function checkReferences(
  checked: readonly CheckedStep[],
  { sure, declared, unread }: KnownInputs,
  { yaml, findings }: Pick<FlowContext, "yaml" | "findings">,
): Set<string> {
  const used = new Set<string>();
  const supplied = new Set([...sure, ...checked.flatMap(({ name }) => name ?? [])]);
  const remedyFor = (name: string, step: string | undefined): string => {
    // A step that used its own result would wait for itself.
    const others = [...supplied].filter((other) => other !== step);
    const near = nearestName(name, others) ?? nearestName(name, HISTORY_NAMES);
    return near === undefined
      ? `There are: ${others.slice(0, 20).join(", ") || "no inputs and no other steps"}.`
      : `Did you mean ${near}?`;
  };
  const before = findings.list.length;
  for (const { name: step, shown, at: path, draft, uses, taken } of checked) {
    for (const { name } of [...uses, ...taken]) used.add(name);
    if (findings.list.length - before >= MAX_REPORTED) continue;
    const reported = new Set<string>();
    for (const { name, guarded, at } of uses) {
      if (guarded || supplied.has(name) || HISTORY_NAMES.includes(name) || reported.has(name)) continue;
      if (unread.mayKnow(name, supplied)) continue;
      reported.add(name);
      const message = `The step ${shown} uses ${name}, which nothing supplies.`;
      const severity = declared.has(name) ? "warning" : "error";
      findings[severity](FLOW_FILE, yaml.placeOf([...path, ...at]), message, remedyFor(name, step));
    }
    if (draft === undefined) continue;
    const { prompt } = draft;
    // What is not required is said where the prompt uses it.
    const required = new Set(prompt.inputs.filter((input) => input.required).map(({ name }) => name));
    const lacking = new Set(
      taken
        .filter(({ name, guarded }) => required.has(name) && !guarded && !supplied.has(name))
        .map(({ name }) => name)
        .filter((name) => !unread.mayKnow(name, supplied)),
    );
    const [first] = lacking;
    if (first === undefined) continue;
    const message = `The step ${shown} does not give ${prompt.path} what it uses: ${[...lacking].join(", ")}.`;
    const remedy = `Add inputs: { ${first}: ... } to the step. ${remedyFor(first, step)}`;
    findings.error(FLOW_FILE, yaml.placeOf([...path, "prompt"]), message, remedy);
  }
  return used;
}
