import type { FlowFiles } from "../model/flow.ts";
import type { FlowContext } from "./flow-context.ts";
import { nearPath } from "./flow-paths.ts";
import type { FlowDraft } from "./parse-flow.ts";

/** What the parts of a flow are checked with. */
export interface CheckContext extends FlowContext {
  /** The file that a path which names none seems to mean, so that its own problems do not wait until it is found. */
  meantFile(path: string): string | undefined;
}

/** Looks for files that are meant among those that the flow does not name for something else. */
export function createMeantFile(draft: FlowDraft, files: FlowFiles): CheckContext["meantFile"] {
  const named = new Set<unknown>([
    draft.prompt,
    ...draft.evaluation.datasets.map(({ path }) => path),
    ...draft.variants.flatMap(({ alternatives }) => alternatives.map(({ value }) => value)),
    ...draft.steps.flatMap(({ definition }) => {
      if (definition === undefined || definition.kind === "search") return [];
      return [definition.kind === "prompt" ? definition.prompt : definition.source];
    }),
  ]);
  return (path) => {
    const near = nearPath(path, files);
    const ending = /\.\w+$/.exec(path)?.[0];
    const fits = near !== undefined && files.has(near) && !named.has(near) && ending !== undefined;
    return fits && near.endsWith(ending) ? near : undefined;
  };
}
