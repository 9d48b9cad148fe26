import type { Evaluator } from "../../shared/evaluators/evaluator.ts";
import { cohenKappa } from "../../shared/statistics/cohen-kappa.ts";
import type { Output } from "../output.ts";
import { plainText } from "../plain-text.ts";
import type { Label, LabelFile } from "./label-file.ts";
import type { RowToLabel } from "./rows-to-label.ts";

/** How a person is asked. Rejects when they break off. */
export type Ask = (question: string) => Promise<string>;

export interface LabelSession {
  rows: readonly RowToLabel[];
  evaluators: readonly Evaluator[];
  file: LabelFile;
  by: string;
  chosen: "random" | "hard";
  ask: Ask;
  output: Pick<Output, "note" | "paintNote">;
  now: () => Date;
}

/** Characters of a context that are shown before one asks for the rest. */
const SHOWN_CONTEXT = 1_200;

type Reply = { scores: Record<string, number> } | "skip" | "back" | "quit";

/**
 * Walks a person through rows: question, context and answer, a score for each evaluator, a note. The judge's scores are
 * shown afterwards, so that they sway nobody. Each label is written before the next row is asked. Returns how many were
 * given; a row that is labelled again counts once.
 */
export async function labelRows(session: LabelSession): Promise<number> {
  const { rows, evaluators, file, by, chosen, output, now } = session;
  const given = new Map<number, Record<string, number>>();
  for (let index = 0; index < rows.length;) {
    const row = rows[index];
    if (!row) break;
    showRow(row, index, session);
    const reply = await askScores(row, session);
    if (reply === "quit") break;
    if (reply === "back") {
      if (index === 0) output.note("This is the first row.");
      index = Math.max(0, index - 1);
      continue;
    }
    if (reply !== "skip") {
      const note = (await session.ask("note (Enter for none) ")).trim();
      const { row: id, turn, before, answer, context } = row;
      const label: Label = {
        row: id,
        ...(turn === undefined ? {} : { turn, before }),
        answer,
        ...(context === undefined ? {} : { context }),
        scores: reply.scores,
        by,
        at: now().toISOString(),
        ...(note === "" ? {} : { note }),
        chosen,
      };
      await file.append(label);
      given.set(index, reply.scores);
      showJudge(row, evaluators, output);
      output.note(output.paintNote("dim", agreementWords(rows, given, evaluators)));
    }
    index += 1;
  }
  return given.size;
}

function showRow(shownRow: RowToLabel, index: number, session: LabelSession): void {
  const { row, turn, before = [], question, answer, context } = shownRow;
  const { output, rows } = session;
  const heading = (text: string): string => output.paintNote("bold", text);
  const shown = plainText(context ?? "");
  const cut =
    shown.length > SHOWN_CONTEXT
      ? `${shown.slice(0, SHOWN_CONTEXT)}… (c shows all ${shown.length} characters)`
      : shown;
  output.note(
    `\n${heading(`Row ${index + 1} of ${rows.length}`)} ${output.paintNote("dim", plainText(turn === undefined ? row : `${row}, turn ${turn}`))}`,
  );
  for (const { role, content } of before)
    output.note(output.paintNote("dim", `${role}: ${plainText(content)}`));
  output.note(`${heading("Question")} ${plainText(question ?? "(none)")}`);
  if (cut !== "") output.note(`${heading("Context")}\n${cut}`);
  output.note(`${heading("Answer")} ${plainText(answer)}`);
}

async function askScores(row: RowToLabel, { evaluators, ask, output }: LabelSession): Promise<Reply> {
  const scores: Record<string, number> = {};
  for (const evaluator of evaluators) {
    for (;;) {
      const said = (await ask(questionFor(evaluator))).trim().toLowerCase();
      if (said === "s" || said === "skip") return "skip";
      if (said === "b" || said === "back") return "back";
      if (said === "q" || said === "quit") return "quit";
      if (said === "c" || said === "context") {
        output.note(plainText(row.context ?? "(none)"));
        continue;
      }
      if (said === "?") {
        output.note(evaluator.help);
        continue;
      }
      const score = scoreOf(said, evaluator);
      if (score !== undefined) {
        scores[evaluator.name] = score;
        break;
      }
      output.note(
        `${expected(evaluator)}, s to skip the row, b to go back, c for the context, ? for help, q to end.`,
      );
    }
  }
  return { scores };
}

function questionFor({ name, scale, direction }: Evaluator): string {
  if (isPassOrFail({ scale })) return `${name}: pass or fail? [p/f/s/b/c/?/q] `;
  const best = direction === "higher" ? scale.max : scale.min;
  return `${name}: ${scale.min} to ${scale.max} (${best} is best) [s/b/c/?/q] `;
}

function expected({ scale }: Evaluator): string {
  return isPassOrFail({ scale }) ? "p for pass, f for fail" : `A number from ${scale.min} to ${scale.max}`;
}

function isPassOrFail({ scale }: Pick<Evaluator, "scale">): boolean {
  return scale.min === 0 && scale.max === 1;
}

function scoreOf(said: string, { scale, direction }: Evaluator): number | undefined {
  if (isPassOrFail({ scale }) && /^(p(ass)?|f(ail)?)$/.test(said)) {
    return said.startsWith("p") === (direction === "higher") ? 1 : 0;
  }
  const score = /^\d+(\.\d+)?$/.test(said) ? Number(said) : Number.NaN;
  return score >= scale.min && score <= scale.max ? score : undefined;
}

function showJudge(
  { judge }: RowToLabel,
  evaluators: readonly Evaluator[],
  output: LabelSession["output"],
): void {
  for (const { name } of evaluators) {
    const said = judge[name];
    if (!said) continue;
    const { value, reason } = said;
    const why = reason === undefined ? "" : `: ${plainText(reason)}`;
    output.note(output.paintNote("dim", `The judge's ${name}: ${value ?? "none"}${why}`));
  }
}

/** `2 labelled; groundedness agrees on 2 of 2, kappa 1`. */
function agreementWords(
  rows: readonly RowToLabel[],
  given: ReadonlyMap<number, Record<string, number>>,
  evaluators: readonly Evaluator[],
): string {
  const parts = evaluators.map(({ name, passes }) => {
    const pairs = [...given].flatMap(([index, scores]): [boolean | undefined, boolean | undefined][] => {
      const [human, judge] = [scores[name], rows[index]?.judge[name]?.value];
      return human === undefined || judge === undefined || judge === null
        ? []
        : [[passes(human), passes(judge)]];
    });
    const agreed = pairs.filter(([human, judge]) => human === judge).length;
    const kappa = cohenKappa(pairs)?.value;
    const shown = kappa === undefined ? "" : `, kappa ${Number(kappa.toFixed(2))}`;
    return `${name} agrees on ${agreed} of ${pairs.length}${shown}`;
  });
  return `${given.size} labelled; ${parts.join("; ")}`;
}
