import type { FlowFiles } from "../model/flow.ts";
import type { DatasetRow, LabelledAnswer } from "../model/version.ts";
import type { z } from "zod";
import { contentHash } from "../model/canonical.ts";
import { createFindings } from "./diagnostics.ts";
import { LABELS_FILE, labelSchema } from "./label-schema.ts";
import { recordsAt } from "./records.ts";
import { turnFields } from "./row-turns.ts";

interface Answered {
  label: Omit<LabelledAnswer, "scores">;
  /** By person and metric; who scores the same answer again changes their mind. */
  scores: Map<string, Record<string, number>>;
}

/** The ids of rows that people labelled answers to. */
export function labelledIds(files: FlowFiles): Set<string> {
  const ids = new Set<string>();
  if (!files.has(LABELS_FILE)) return ids;
  for (const { value } of recordsAt(LABELS_FILE, files, createFindings())) {
    const { row } = value;
    if (typeof row === "string" || typeof row === "number") ids.add(String(row));
  }
  return ids;
}

/**
 * What people say of answers to these rows, one entry for each answer. `metrics` are those that a judge scores, by their
 * names in the flow and by the evaluators they use. Where one person labelled an answer twice, the later line counts;
 * where several did, their mean. Labels of rows that are in no dataset any more say nothing.
 */
export function labelledAnswers(
  files: FlowFiles,
  rows: readonly DatasetRow[],
  metrics: readonly { name: string; use: string }[],
): LabelledAnswer[] {
  if (!files.has(LABELS_FILE)) return [];
  const byId = new Map(rows.map((row) => [row.id, row]));
  const answers = new Map<string, Answered>();
  for (const { value } of recordsAt(LABELS_FILE, files, createFindings())) {
    const written = labelSchema.safeParse(value).data;
    const labelled = written && byId.get(String(written.row));
    const row = labelled && askedRow(labelled, written);
    if (!written || !row) continue;
    const { answer, context, note, by = "" } = written;
    const scores = scoresOf(written.scores, metrics);
    if (Object.keys(scores).length === 0) continue;
    const key = JSON.stringify([row.id, row.hash, answer, context]);
    const known = answers.get(key);
    const label = { row, answer, context, note: note ?? known?.label.note, hard: written.chosen === "hard" };
    const people = known?.scores ?? new Map<string, Record<string, number>>();
    people.set(by, { ...people.get(by), ...scores });
    answers.set(key, { label, scores: people });
  }
  return [...answers.values()].map(({ label, scores }) => ({
    ...label,
    scores: meansOf([...scores.values()]),
  }));
}

/** The row as the labelled answer was asked for: a turn of a row that has several is a row of its own to the judge. */
function askedRow(
  row: DatasetRow,
  { turn, before = [] }: z.infer<typeof labelSchema>,
): DatasetRow | undefined {
  if (turn === undefined) return row;
  const fields = turnFields(row.fields, turn, before);
  return fields && { ...row, fields, hash: contentHash(fields) };
}

/** A score under an evaluator's name is of every metric that uses it, unless the metric has one under its own. */
function scoresOf(
  written: Record<string, number>,
  metrics: readonly { name: string; use: string }[],
): Record<string, number> {
  const scores = metrics.flatMap(({ name, use }) => {
    const own = Object.hasOwn(written, name) ? name : use;
    const score = Object.hasOwn(written, own) ? written[own] : undefined;
    return score === undefined ? [] : [[name, score] as const];
  });
  return Object.fromEntries(scores);
}

function meansOf(people: readonly Record<string, number>[]): Record<string, number> {
  const metrics = new Set(people.flatMap((scores) => Object.keys(scores)));
  return Object.fromEntries(
    [...metrics].map((metric) => {
      const given = people.flatMap((scores) => scores[metric] ?? []);
      return [metric, given.reduce((sum, score) => sum + score, 0) / given.length];
    }),
  );
}
