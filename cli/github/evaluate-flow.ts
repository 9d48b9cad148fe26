import { messageOf } from "../../shared/errors.ts";
import type { Diagnostic } from "../../shared/model/flow.ts";
import type { ReportView } from "../../shared/model/report-view.ts";
import type { VerdictOutcome } from "../../shared/model/run.ts";
import type { Commit } from "../../shared/model/version.ts";
import { versionName } from "../../shared/model/version.ts";
import { outcomeWords } from "../../shared/report/outcome-words.ts";
import { checkFolder } from "../check-folder.ts";
import { CommandError } from "../command-error.ts";
import { createManagementApi } from "../management-api.ts";
import { pushFlow } from "../push-flow.ts";
import { releaseWords } from "../release-words.ts";
import type { Invocation } from "../run-command.ts";
import { waitForVerdict, type WaitResult } from "../wait-for-verdict.ts";

/** What came of one flow. */
export interface FlowOutcome {
  flow: string;
  folder: string;
  outcome: VerdictOutcome;
  /** A phrase that begins with the version, where there is one. */
  headline: string;
  /** What happens next, or what is to be done. */
  notes: string[];
  diagnostics: Diagnostic[];
  /** The run, and its report as people read it. */
  run: string | undefined;
  view: ReportView | undefined;
  /** A newer change took this one's place, and says what there is to say. */
  superseded: boolean;
}

interface Change {
  proposal: string | undefined;
  commit: Commit;
  /** Of each folder the others whose flow has the same name. */
  sameName: ReadonlyMap<string, string[]>;
}

/** A workflow has the patience for a platform that starts, or is deployed meanwhile. */
const PATIENCE = { unreachable: 5 * 60_000, unseen: 60_000, unreleased: 2 * 60_000 };

/**
 * Pushes a flow as the proposal, or where there is none as the flow's working copy, and waits for what comes of it.
 * Throws the signal's reason when aborted; every other failure is an outcome.
 */
export async function evaluateFlow(
  folder: string,
  { proposal, commit, sameName }: Change,
  { connect, signal, output }: Invocation,
): Promise<FlowOutcome> {
  const name = folder.split("/").at(-1) ?? folder;
  const none = { flow: name, folder, run: undefined, view: undefined, notes: [], superseded: false };
  const failed = (headline: string, diagnostics: Diagnostic[] = []): FlowOutcome => ({
    ...none,
    outcome: "error",
    headline,
    diagnostics,
  });
  try {
    const { definition, diagnostics, files } = await checkFolder(folder);
    if (!definition) return failed("could not be read, and nothing was pushed", diagnostics);
    const { name: flow } = definition;
    const others = sameName.get(folder) ?? [];
    if (others.length > 0) {
      return failed(`is named ${flow} as ${others.join(", ")} is, and nothing was pushed: rename one`);
    }
    const connection = await connect();
    if (!connection.storage) {
      throw new CommandError(
        "Nothing says which storage the platform reads. Set AzureWebJobsStorage__accountName; docs/github.md has all variables.",
      );
    }
    const { createBlobStore } = await import("../../shared/adapters/azure/blob-store.ts");
    const store = createBlobStore(connection.storage);
    const { pushId } = await pushFlow({ store, flow, proposal, files, commit, signal });
    output.note(`${flow}: pushed, waiting for its verdict`);
    const api = createManagementApi(connection, signal);
    const wait = { api, flow, proposal, pushId, signal, patience: PATIENCE };
    const result = await waitForVerdict(wait);
    if (result.kind !== "decided") return { ...none, flow, ...undecided(result, diagnostics) };
    const { verdict } = result;
    const { view } = await api.run(flow, verdict.run);
    return {
      flow,
      folder,
      outcome: result.withheld !== undefined ? "fail" : verdict.outcome,
      headline: `${versionName(flow, verdict.version)} ${outcomeWords(verdict)}`,
      notes: productionWords(result, flow),
      diagnostics,
      run: verdict.run,
      view,
      superseded: false,
    };
  } catch (error) {
    signal.throwIfAborted();
    return failed(`could not be evaluated: ${messageOf(error)}`);
  }
}

function undecided(
  result: Exclude<WaitResult, { kind: "decided" }>,
  warnings: Diagnostic[],
): Pick<FlowOutcome, "outcome" | "headline" | "diagnostics" | "superseded"> {
  const headlines = { refused: "was refused by the platform", superseded: "gave way to a newer change" };
  return {
    outcome: "error",
    headline: result.kind === "failed" ? result.message : headlines[result.kind],
    diagnostics: result.kind === "refused" ? result.diagnostics : warnings,
    superseded: result.kind === "superseded",
  };
}

function productionWords(result: Extract<WaitResult, { kind: "decided" }>, flow: string): string[] {
  const { verdict, served, withheld, underWay } = result;
  if (verdict.purpose === "proposal") {
    return verdict.outcome === "pass" ? ["Merged, it is judged once more and released if it passes."] : [];
  }
  const version = versionName(flow, verdict.version);
  if (underWay) return releaseWords(underWay);
  if (served) return [`Production serves ${version}.`];
  if (withheld !== undefined) return [`Production will not serve ${version}. ${withheld}`];
  return verdict.outcome === "pass"
    ? [`It passed, but production does not serve it yet: \`flowgate status ${flow}\`.`]
    : ["Production is untouched."];
}
