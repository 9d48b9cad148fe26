import type { Command } from "commander";
import type { FlowDefinition } from "../../shared/model/flow.ts";
import type { CheckedFolder } from "../check-folder.ts";
import { CommandError } from "../command-error.ts";
import { EXIT_CODE, INTERRUPTED } from "../exit-code.ts";
import { findFlowFolder } from "../find-flow-folder.ts";
import { gitFacts } from "../git-facts.ts";
import { createManagementApi } from "../management-api.ts";
import { countDiagnostics, printDiagnostics } from "../print-diagnostics.ts";
import { exitCodeOf, printResult } from "../print-result.ts";
import { createProgressLine, type ProgressLine } from "../progress-line.ts";
import { pushFlow, type PushResult } from "../push-flow.ts";
import { type CommonOptions, type Invocation, runCommand, withCommonOptions } from "../run-command.ts";
import { waitForVerdict, type WaitResult } from "../wait-for-verdict.ts";

interface PushOptions extends CommonOptions {
  wait?: boolean;
  message?: string;
  author?: string;
  proposal?: string;
}

/** `flowgate push [folder] [--wait]` */
export function addPush(program: Command): void {
  const command = program
    .command("push")
    .description(
      "check a flow's folder and make it the flow's working copy; the platform takes it from there",
    )
    .argument("[folder]", "the flow's folder (default: this one, or the only one under flows/)")
    .option("--wait", "follow the change to its verdict, and to production if it passes")
    .option("--message <text>", "what changed (default: the commit's subject)")
    .option("--proposal <name>", "only evaluate it, under this name (such as pr-12): it is never released")
    .option("--author <name>", "who changed it (default: the commit's author, or git's user)")
    .addHelpText(
      "after",
      "\nExit codes: 0 pushed, or with --wait passed; 1 failed; 2 refused or an error; 3 inconclusive.",
    );
  withCommonOptions(command).action((folder: string | undefined, options: PushOptions) =>
    runCommand(options, (invocation) => pushFolder(folder, options, invocation)),
  );
}

/** Checks and pushes a folder, and says what came of it. Returns the exit code. */
export async function pushFolder(
  folder: string | undefined,
  options: Pick<PushOptions, "wait" | "message" | "author" | "proposal">,
  invocation: Invocation,
): Promise<number> {
  const { output } = invocation;
  if (options.proposal !== undefined) {
    const { checkFlowName } = await import("../flow-name.ts");
    checkFlowName(options.proposal);
  }
  const { checkFolder } = await import("../check-folder.ts");
  const checked = await checkFolder(await findFlowFolder(folder, process.cwd()));
  const { definition, diagnostics } = checked;
  if (diagnostics.length > 0 && !output.json) {
    output.note(printDiagnostics(diagnostics, output.paintNote, checked.folder));
  }
  if (!definition) {
    if (output.json) output.printJson({ pushed: false, diagnostics });
    else output.note(`Nothing was pushed: ${countDiagnostics(diagnostics)} in ${checked.folder}.`);
    return EXIT_CODE.error;
  }
  const progress = createProgressLine(output.json ? { write: () => true } : process.stderr, definition.name);
  const pushed = await upload(checked, definition, options, invocation, progress);
  if (pushed === undefined) {
    if (output.json) output.printJson({ pushed: false, interrupted: true, diagnostics });
    return INTERRUPTED;
  }
  const { proposal } = options;
  const facts = { pushed: true, flow: definition.name, proposal, ...pushed, diagnostics };
  if (!output.json) output.print(pushedWords(definition.name, pushed));
  if (!options.wait) {
    if (output.json) output.printJson(facts);
    else if (proposal === undefined) {
      output.note(`\`flowgate status ${definition.name}\` shows what becomes of it.`);
    }
    return EXIT_CODE.pass;
  }
  const result = await follow(definition.name, { ...pushed, proposal }, invocation, progress);
  if (output.json) output.printJson(result ? { ...facts, result } : { ...facts, interrupted: true });
  if (result === undefined) return INTERRUPTED;
  if (output.json) return exitCodeOf(result);
  printResult(result, definition.name, checked.folder, output);
  return exitCodeOf(result);
}

/** Undefined after Ctrl-C. */
async function upload(
  checked: CheckedFolder,
  definition: FlowDefinition,
  options: PushOptions,
  { connect, output, signal }: Invocation,
  progress: ProgressLine,
): Promise<PushResult | undefined> {
  const connection = await connect();
  if (!connection.storage) {
    throw new CommandError(
      `Nothing says which storage the platform at ${connection.url} reads. ${storageRemedy(connection.url)}`,
    );
  }
  const { createBlobStore } = await import("../../shared/adapters/azure/blob-store.ts");
  const git = await gitFacts(checked.folder);
  // An empty name or message says nothing.
  const commit = {
    ...git,
    author: options.author?.trim() || git.author,
    message: options.message?.trim() || git.message,
  };
  try {
    return await pushFlow({
      store: createBlobStore(connection.storage),
      flow: definition.name,
      proposal: options.proposal,
      files: checked.files,
      commit,
      onProgress: progress.pushing,
      signal,
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    progress.end();
    output.note("push interrupted: nothing changed; push again");
    return undefined;
  } finally {
    progress.end();
  }
}

/** An embedded platform tells it in its data folder, which one that was started elsewhere has elsewhere. */
function storageRemedy(url: string): string {
  return /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|$)/.test(url)
    ? "Start the platform with `npm start`, in this folder or one above it; where it runs in another, " +
        "set FLOWGATE_DATA to the .flowgate folder there, or set AzureWebJobsStorage."
    : "Set AzureWebJobsStorage__accountName to its account, or AzureWebJobsStorage.";
}

/** Undefined after Ctrl-C. */
async function follow(
  flow: string,
  { pushId, proposal }: { pushId: string; proposal: string | undefined },
  { connect, output, signal }: Invocation,
  progress: ProgressLine,
): Promise<WaitResult | undefined> {
  const api = createManagementApi(await connect(), signal);
  try {
    return await waitForVerdict({ api, flow, proposal, pushId, onProgress: progress.waiting, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    progress.end();
    output.note(`still running; \`flowgate status ${flow}\` shows it`);
    return undefined;
  } finally {
    progress.end();
  }
}

function pushedWords(flow: string, { uploaded, deleted, unchanged }: PushResult): string {
  const parts = [`${uploaded.length} uploaded`, `${deleted.length} deleted`, `${unchanged} unchanged`];
  return `Pushed ${flow}: ${parts.join(", ")}`;
}
