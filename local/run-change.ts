import { access, readdir } from "node:fs/promises";
import path from "node:path";
import { checkFolder } from "../cli/check-folder.ts";
import { EXIT_CODE } from "../cli/exit-code.ts";
import { gitFacts } from "../cli/git-facts.ts";
import { createManagementApi } from "../cli/management-api.ts";
import type { Output } from "../cli/output.ts";
import { countDiagnostics, printDiagnostics } from "../cli/print-diagnostics.ts";
import { exitCodeOf, printResult } from "../cli/print-result.ts";
import { createProgressLine } from "../cli/progress-line.ts";
import { pushFlow } from "../cli/push-flow.ts";
import { waitForVerdict } from "../cli/wait-for-verdict.ts";
import { createBlobStore } from "../shared/adapters/azure/blob-store.ts";
import { SettingsError } from "../shared/errors.ts";
import type { Platform } from "./platform.ts";

export interface ChangeContext {
  platform: Platform;
  output: Output;
  signal: AbortSignal;
  /** Which of the folder's files changed, where they were seen to: an edit that is not committed has no other words. */
  edited?: readonly string[];
}

/** The folders under `flows` that hold a `flow.yaml`, in the order of their names. */
export async function findFlowFolders(flows: string): Promise<string[]> {
  const entries = await readdir(flows, { withFileTypes: true }).catch(() => {
    throw new SettingsError(
      `There is no folder ${flows}/. Run this in the repository, or name one with --flows.`,
    );
  });
  const folders: string[] = [];
  for (const entry of entries.filter((candidate) => candidate.isDirectory())) {
    const folder = path.join(flows, entry.name);
    const hasFlow = await access(path.join(folder, "flow.yaml")).then(
      () => true,
      () => false,
    );
    if (hasFlow) folders.push(folder);
  }
  if (folders.length === 0) throw new SettingsError(`No folder under ${flows}/ has a flow.yaml.`);
  return folders.sort();
}

/** Pushes a folder as it is now, shows what becomes of it, and returns that as an exit code. */
export async function runChange(
  folder: string,
  { platform, output, signal, edited = [] }: ChangeContext,
): Promise<number> {
  const checked = await checkFolder(folder);
  if (checked.diagnostics.length > 0) {
    output.print(printDiagnostics(checked.diagnostics, output.paint, folder));
  }
  if (!checked.definition) {
    output.print(
      `Not pushed: ${countDiagnostics(checked.diagnostics)} in ${folder}. Production is untouched.`,
    );
    return EXIT_CODE.error;
  }
  const flow = checked.definition.name;
  output.print(`\n${output.paint("bold", `Pushing ${folder}`)}`);
  const progress = createProgressLine(process.stderr, flow);
  const { host, key } = platform.addresses;
  try {
    const store = createBlobStore({ connectionString: platform.connectionString });
    const facts = await gitFacts(folder);
    const commit = { ...facts, message: facts.message ?? editWords(edited) };
    const { pushId } = await pushFlow({
      store,
      flow,
      files: checked.files,
      commit,
      onProgress: progress.pushing,
      signal,
    });
    const api = createManagementApi({ url: host, key }, signal);
    const result = await waitForVerdict({ api, flow, pushId, onProgress: progress.waiting, signal });
    progress.end();
    printResult(result, flow, folder, output);
    return exitCodeOf(result);
  } finally {
    progress.end();
  }
}

/** `Edited chat.prompty and 2 more`. */
function editWords([first, ...more]: readonly string[]): string | undefined {
  if (first === undefined) return undefined;
  return `Edited ${first}${more.length > 0 ? ` and ${more.length} more` : ""}`;
}
