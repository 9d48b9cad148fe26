import { FLOW_FILE } from "./flow-file.ts";
import { JUDGE_INPUTS } from "./judge-inputs.ts";
import { judgePromptPath } from "./judge-prompt-path.ts";
import type { CheckContext } from "./meant-file.ts";
import { suggestion } from "./nearest-name.ts";
import type { ReadEvaluator } from "./parse-evaluators.ts";
import { readPrompt } from "./read-prompt.ts";
import { placeInTemplate, templateOf } from "./render-messages.ts";

/**
 * Reads the prompts that the flow's own judges judge by. Each may use what a judge is given of a row, and the rows'
 * fields; a name that is neither is an error: the judge would judge without it.
 */
export function checkJudges(
  evaluators: readonly ReadEvaluator[],
  rowFields: ReadonlySet<string>,
  context: CheckContext,
): void {
  const { yaml, findings } = context;
  const given = new Set([...JUDGE_INPUTS, ...rowFields]);
  for (const evaluator of evaluators) {
    const path = judgePromptPath(evaluator);
    if (path === undefined) continue;
    const draft = readPrompt(path, yaml.placeOf([...evaluator.at, "prompt"]), context);
    if (draft?.hasTemplate !== true) continue;
    const { prompt, unread } = draft;
    const defaults = prompt.inputs.filter((input) => input.default !== undefined).map(({ name }) => name);
    const known = new Set([...given, ...defaults]);
    const { names } = templateOf(prompt);
    const guarded = new Set(names.filter((use) => use.guarded).map(({ name }) => name));
    const unknown = new Map(
      names
        .filter(({ name }) => !known.has(name) && !guarded.has(name) && !unread.mayKnow(name, known))
        .map(({ name, at }) => [name, at]),
    );
    for (const [name, at] of unknown) {
      findings.error(
        prompt.path,
        placeInTemplate(prompt, at),
        `The judge ${evaluator.name} uses ${name}, which nothing supplies.`,
        suggestion(name, [...given], "inputs"),
      );
    }
    if (!names.some(({ name }) => name === "answer")) {
      const message = `The judge ${evaluator.name} does not look at the answer.`;
      findings.warning(
        FLOW_FILE,
        yaml.placeOf(evaluator.at, "key"),
        message,
        "Use {{ answer }} in its prompt.",
      );
    }
  }
}
