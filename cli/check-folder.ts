import { knownNames } from "../shared/evaluators/known-names.ts";
import { sortDiagnostics } from "../shared/flow/diagnostics.ts";
import { validateFlow } from "../shared/flow/validate-flow.ts";
import type { Diagnostic, FlowDefinition, FlowFiles } from "../shared/model/flow.ts";
import { readFlowFolder } from "./read-flow-folder.ts";

/** A folder as it would be pushed. `definition` is undefined where an error forbids to push it. */
export interface CheckedFolder {
  folder: string;
  files: FlowFiles;
  definition: FlowDefinition | undefined;
  /** Errors and warnings by file and line. */
  diagnostics: Diagnostic[];
}

/** Reads a flow's folder and validates it by the same rules as the platform's intake. */
export async function checkFolder(folder: string): Promise<CheckedFolder> {
  const { files, diagnostics } = await readFlowFolder(folder);
  const validated = validateFlow(files, knownNames());
  const all = sortDiagnostics([...diagnostics, ...validated.diagnostics]);
  const refused = all.some(({ severity }) => severity === "error");
  return { folder, files, definition: refused ? undefined : validated.definition, diagnostics: all };
}
