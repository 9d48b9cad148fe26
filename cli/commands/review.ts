import type { Command } from "commander";
import { ConflictError } from "../../shared/errors.ts";
import { questionOf } from "../../shared/model/question-of.ts";
import { evaluatorNamed } from "../../shared/evaluators/registry.ts";
import type { ProposalReason, RowProposal } from "../../shared/model/monitored-turn.ts";
import { CommandError } from "../command-error.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { findFlowFolder } from "../find-flow-folder.ts";
import { formatTime } from "../format-time.ts";
import { personHere } from "../git-facts.ts";
import { excerpt } from "../plain-text.ts";
import { type CommonOptions, type Invocation, runCommand, withCommonOptions } from "../run-command.ts";

interface ReviewOptions extends CommonOptions {
  list?: boolean;
  accept?: string;
  groundTruth?: string;
  drop?: string;
  dataset?: string;
  push?: boolean;
}

/** `flowgate review [folder]` */
export function addReview(program: Command): void {
  const command = program
    .command("review")
    .description("take turns of production that users disliked, or that scored badly, into the dataset")
    .argument("[folder]", "the flow's folder (default: this one, or the only one under flows/)")
    .option("--list", "show what is proposed and ask nothing")
    .option("--accept <turn>", "accept this one without being asked")
    .option("--ground-truth <text>", "with --accept: the answer that is expected")
    .option("--drop <turn>", "drop this one without being asked")
    .option("--dataset <path>", "the JSONL dataset that rows go to (default: the flow's first of quality)")
    .option("--push", "push the flow once a row was accepted")
    .addHelpText(
      "after",
      "\nAn accepted row is a line more in a dataset: check it, commit it and push it like any other change.\n--json asks nothing: it prints what is proposed, or what was decided; with --push, the push.\n\nExit codes: 0 done, or nothing to review; 2 an error; 130 interrupted.",
    );
  withCommonOptions(command).action((folder: string | undefined, options: ReviewOptions) =>
    runCommand(options, (invocation) => review(folder, options, invocation)),
  );
}

async function review(
  named: string | undefined,
  options: ReviewOptions,
  invocation: Invocation,
): Promise<number> {
  const { output, connectApi, signal } = invocation;
  const folder = await findFlowFolder(named, process.cwd());
  const [{ checkFolder }, { openDatasetFile }, { datasetRowOf }] = await Promise.all([
    import("../check-folder.ts"),
    import("../review/dataset-file.ts"),
    import("../../shared/report/proposed-dataset-row.ts"),
  ]);
  const { definition } = await checkFolder(folder);
  if (!definition) throw new CommandError(`${folder} is not valid: flowgate validate ${folder} says why.`);
  const api = await connectApi();
  const { proposals, more } = await api.proposals(definition.name);
  const isScripted = options.accept !== undefined || options.drop !== undefined;
  if (options.list || (output.json && !isScripted)) {
    if (output.json) output.printJson({ flow: definition.name, proposals, more });
    else listProposals(proposals, output.print);
    return EXIT_CODE.pass;
  }
  if (!isScripted && proposals.length === 0) {
    output.print(`Nothing of ${definition.name} is proposed.`);
    return EXIT_CODE.pass;
  }
  const file = await openDatasetFile(folder, definition, options.dataset);
  const actor = await personHere(folder);
  const decide = async ({ turn }: RowProposal, decision: "accepted" | "dropped"): Promise<void> => {
    await api.decideProposal(definition.name, turn, { decision, actor });
  };
  const drop = (proposal: RowProposal): Promise<void> => decide(proposal, "dropped");
  // The row is written first: a decision that is lost is asked for again, and the row is there once.
  const accept = async (proposal: RowProposal, expected: string | undefined): Promise<void> => {
    const takeOut = await file.append(datasetRowOf(proposal, expected));
    try {
      await decide(proposal, "accepted");
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      await takeOut();
      throw new CommandError(`${error.message} Nothing was added to ${file.path}.`);
    }
  };
  const needsExpected = definition.evaluation.evaluators.some(({ use }) =>
    evaluatorNamed(use).needs.includes("ground_truth"),
  );
  const done = { accepted: 0, dropped: 0 };
  if (isScripted) {
    const accepted = options.accept === undefined ? undefined : proposalNamed(options.accept, proposals);
    const dropped = options.drop === undefined ? undefined : proposalNamed(options.drop, proposals);
    if (accepted) {
      if (needsExpected && !options.groundTruth?.trim()) {
        throw new CommandError(
          "The flow compares with expected answers: give this row's with --ground-truth.",
        );
      }
      await accept(accepted, options.groundTruth?.trim());
      done.accepted = 1;
    }
    if (dropped) {
      await drop(dropped);
      done.dropped = 1;
    }
  } else {
    if (!process.stdin.isTTY) {
      throw new CommandError(
        "Rows are reviewed at a terminal. Elsewhere: --list, and --accept <turn> or --drop <turn>.",
      );
    }
    const [{ reviewRows }, { openTerminal }] = await Promise.all([
      import("../review/review-rows.ts"),
      import("../label/terminal.ts"),
    ]);
    const terminal = openTerminal(signal);
    try {
      const session = { proposals, needsExpected, ask: terminal.ask, accept, drop, output };
      Object.assign(done, await reviewRows(session));
    } finally {
      terminal.close();
    }
  }
  const pushes = options.push === true && done.accepted > 0;
  if (output.json && !pushes) output.printJson({ flow: definition.name, ...done, dataset: file.path });
  if (!output.json) output.print(`${done.accepted} accepted into ${file.path}, ${done.dropped} dropped.`);
  if (!pushes) return EXIT_CODE.pass;
  const { pushFolder } = await import("./push.ts");
  return pushFolder(folder, {}, invocation);
}

function listProposals(proposals: readonly RowProposal[], print: (line: string) => void): void {
  if (proposals.length === 0) print("Nothing is proposed.");
  for (const { turn, at, row, why } of proposals) {
    const kinds = why.map(reasonLabel);
    print(
      `${turn}  ${formatTime(at)}  ${kinds.join(", ")}  ${excerpt(questionOf(row?.fields ?? {}) ?? "", 80)}`,
    );
  }
}

function reasonLabel(reason: ProposalReason): string {
  if (reason.kind === "thumbs_down") return "disliked";
  return reason.kind === "person" ? `proposed by ${reason.by}` : reason.metric;
}

function proposalNamed(turn: string, proposals: readonly RowProposal[]): RowProposal {
  const found = proposals.filter((proposal) => proposal.turn.startsWith(turn));
  const [only] = found;
  if (only && found.length === 1) return only;
  throw new CommandError(
    only
      ? `${turn} begins the name of several proposals: give more of it.`
      : `There is no proposal ${turn}. \`flowgate review --list\` shows those there are.`,
  );
}
