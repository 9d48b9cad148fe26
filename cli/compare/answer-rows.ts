import { ModelError } from "../../shared/errors.ts";
import { evaluateRow } from "../../shared/evaluation/evaluate-row.ts";
import type { RowDependencies, VersionUnderTest } from "../../shared/evaluation/version-under-test.ts";
import type { RowAnswer } from "../../shared/model/run.ts";
import type { DatasetRow } from "../../shared/model/version.ts";

/**
 * Answers and scores every row with every version, at most `atOnce` at a time, row by row: the versions take turns, so
 * that a slow hour of the service is not one version's. The answers by version, in the order of the rows. Throws the
 * signal's reason when aborted; what was answered until then is recorded. The first version is the baseline.
 */
export async function answerRows(
  rows: readonly DatasetRow[],
  versions: readonly VersionUnderTest[],
  dependencies: RowDependencies,
  options: { atOnce: number; onAnswer: (done: number) => void },
): Promise<RowAnswer[][]> {
  const answers = versions.map((): RowAnswer[] => []);
  const work = rows.flatMap((row, at) => versions.map((version, index) => ({ row, at, version, index })));
  const next = work.values();
  let done = 0;
  async function worker(): Promise<void> {
    for (const { row, at, version, index } of next) {
      dependencies.signal?.throwIfAborted();
      const answer = await evaluateRow(row, version, dependencies, {
        baseline: index === 0 ? "itself" : versions[0],
      });
      dependencies.signal?.throwIfAborted();
      const column = answers[index];
      if (column) column[at] = answer;
      done += 1;
      options.onAnswer(done);
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(options.atOnce, work.length) }, worker));
  } finally {
    await Promise.all(versions.map(({ cache }) => cache.flush()));
  }
  throwIfNothingAnswered(answers.flat());
  return answers;
}

/** A key that is wrong or a service that is away fails every row: that is no comparison. */
function throwIfNothingAnswered(answers: readonly RowAnswer[]): void {
  const first = answers.find(({ error }) => error)?.error;
  if (!first || answers.some(({ answer }) => answer !== undefined)) return;
  throw new ModelError(`No row got an answer: ${first.message}`, { kind: "unavailable" });
}
