import { questionOf } from "../../shared/model/question-of.ts";
import type { RowProposal } from "../../shared/model/monitored-turn.ts";
import { proposalWords } from "../../shared/report/proposal-words.ts";
import type { Output } from "../output.ts";
import { formatTime } from "../format-time.ts";
import { plainText } from "../plain-text.ts";

export interface ReviewSession {
  proposals: readonly RowProposal[];
  /** Whether an evaluator compares with an expected answer, so that a row without one would be refused. */
  needsExpected: boolean;
  ask: (question: string) => Promise<string>;
  accept: (proposal: RowProposal, expected: string | undefined) => Promise<void>;
  drop: (proposal: RowProposal) => Promise<void>;
  output: Pick<Output, "note" | "paintNote">;
}

/** Characters of a context that are shown before one asks for the rest. */
const SHOWN_CONTEXT = 1_200;
const CHOICES = "[a]ccept, [e]xpected answer and accept, [d]rop, [s]kip, [c]ontext, [q]uit";

/**
 * Walks a person through proposed rows: the question, what it was answered from, the answer, and why it is proposed.
 * Each decision is carried out before the next row is shown.
 */
export async function reviewRows(session: ReviewSession): Promise<{ accepted: number; dropped: number }> {
  const { proposals, output } = session;
  const done = { accepted: 0, dropped: 0 };
  for (const [index, proposal] of proposals.entries()) {
    output.note(
      `\n${output.paintNote("bold", `Row ${index + 1} of ${proposals.length}`)} ${output.paintNote("dim", formatTime(proposal.at))}`,
    );
    showProposal(proposal, output);
    const choice = await askChoice(proposal, session);
    if (choice.kind === "quit") break;
    if (choice.kind === "drop") {
      await session.drop(proposal);
      done.dropped += 1;
    } else if (choice.kind === "accept") {
      await session.accept(proposal, choice.expected);
      done.accepted += 1;
    }
  }
  return done;
}

/** What a proposal shows, for whoever decides. */
function showProposal({ row, why }: Pick<RowProposal, "row" | "why">, output: ReviewSession["output"]): void {
  const { fields = {}, answer, context } = row ?? {};
  const question = questionOf(fields);
  const beside = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== question));
  const heading = (text: string): string => output.paintNote("bold", text);
  output.note(`${heading("Question")} ${plainText(question ?? "(none)")}`);
  if (Object.keys(beside).length > 0)
    output.note(`${heading("Inputs")} ${plainText(JSON.stringify(beside))}`);
  const shown = plainText(context ?? "");
  if (shown !== "") {
    const cut = shown.length > SHOWN_CONTEXT;
    const more = cut ? `${shown.slice(0, SHOWN_CONTEXT)}… (c shows all ${shown.length} characters)` : shown;
    output.note(`${heading("Context")}\n${more}`);
  }
  output.note(`${heading("Answer")} ${plainText(answer ?? "(not kept)")}`);
  for (const reason of why) output.note(`${heading("Why")} ${plainText(proposalWords(reason))}`);
}

type Choice = { kind: "accept"; expected: string | undefined } | { kind: "drop" | "skip" | "quit" };

async function askChoice(
  { row }: RowProposal,
  { ask, output, needsExpected }: ReviewSession,
): Promise<Choice> {
  for (;;) {
    const said = (await ask(`${CHOICES} `)).trim().toLowerCase()[0];
    if (said === "d") return { kind: "drop" };
    if (said === "s") return { kind: "skip" };
    if (said === "q") return { kind: "quit" };
    if (said === "c") output.note(plainText(row?.context ?? "(none)"));
    if (said === "a" && !needsExpected) return { kind: "accept", expected: undefined };
    if (said === "a" || said === "e") {
      const expected = (await ask("expected answer (Enter to go back) ")).trim();
      if (expected !== "") return { kind: "accept", expected };
    }
  }
}
