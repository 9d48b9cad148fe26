import { contentHash, sha256 } from "../model/canonical.ts";
import type { Counterfactual } from "../model/flow.ts";
import type { DatasetRow } from "../model/version.ts";
import { type Side, wordSwap } from "./swap-words.ts";

/** More pairs tell little more, and each costs what a row costs. */
const MOST_PAIRS = 1_000;

/** What names or describes a row and is no text of it, who speaks in a history, and documents by their ids. */
const KEPT = ["id", "category", "tags", "role", "relevant_documents", "retrieval_ground_truth"];
/** customer_id, customerId, orderIds: what records are looked up by. */
const NAMES_RECORD = /(_ids?|[a-z]Ids?)$/;
const EXPECTED = ["ground_truth", "groundTruth"];

/** Makes rows of rows as they go by; those it is to give are held. */
export interface CounterfactualRows {
  add(row: DatasetRow): void;
  rows(): DatasetRow[];
}

/**
 * The rows that substitutions make of the quality rows: each with the words of one side in place of the other's, in the
 * same cluster as the row it is made of. What is expected of the row is swapped along; ids stay, so that the same records and documents are found. A row that has words of both
 * sides has no direction and makes none. At most 1,000 for each counterfactual, chosen by a hash of their content.
 */
export function counterfactualRows(
  rows: Iterable<DatasetRow>,
  counterfactuals: readonly Counterfactual[],
): DatasetRow[] {
  const made = createCounterfactualRows(counterfactuals);
  for (const row of rows) made.add(row);
  return made.rows();
}

export function createCounterfactualRows(counterfactuals: readonly Counterfactual[]): CounterfactualRows {
  const parts = counterfactuals.map((counterfactual) => ({
    make: counterfactualOf(counterfactual),
    chosen: createChoice(),
  }));
  return {
    add(row) {
      for (const { make, chosen } of parts) {
        const made = make(row);
        if (made) chosen.add(made);
      }
    },
    rows: () => parts.flatMap(({ chosen }) => chosen.rows()),
  };
}

/** Makes one row of one, or none. */
export function counterfactualOf({
  name,
  fields,
  swap: pairs,
}: Counterfactual): (row: DatasetRow) => DatasetRow | undefined {
  const { swap, sideOf } = wordSwap(pairs);
  const isSwapped = (field: string): boolean =>
    !isKept(field) && !EXPECTED.includes(field) && (fields?.includes(field) ?? true);
  return (row) => {
    if (row.as !== "quality") return undefined;
    const sides = new Set<Side>();
    const note = (text: string): string => {
      sides.add(sideOf(text));
      return text;
    };
    for (const [field, value] of Object.entries(row.fields))
      if (isSwapped(field)) mapTexts(value, note, EXPECTED);
    sides.delete("none");
    const [side] = sides;
    if (sides.size !== 1 || side === "both") return undefined;
    const swapped = Object.fromEntries(
      Object.entries(row.fields).map(([field, value]) => [
        field,
        isSwapped(field) || EXPECTED.includes(field) ? mapTexts(value, swap) : value,
      ]),
    );
    return {
      ...row,
      id: `${row.id}~${name}`,
      hash: contentHash({ counterfactual: name, fields: swapped }),
      as: "counterfactual",
      fields: swapped,
      counterfactual: { name, of: row.id, from: side === "first" ? "first" : "second" },
    };
  };
}

/** Keeps no more than twice what it will give. */
function createChoice(): CounterfactualRows {
  let kept: { row: DatasetRow; order: string }[] = [];
  let count = 0;
  const least = (): typeof kept => kept.sort((a, b) => (a.order < b.order ? -1 : 1)).slice(0, MOST_PAIRS);
  return {
    add(row) {
      count += 1;
      kept.push({ row, order: sha256(`counterfactual\n${row.hash}`) });
      if (kept.length === 2 * MOST_PAIRS) kept = least();
    },
    rows: () => (count > MOST_PAIRS ? least() : kept).map(({ row }) => row),
  };
}

function isKept(key: string): boolean {
  return KEPT.includes(key) || NAMES_RECORD.test(key);
}

/** The value with every text in it mapped, but those of the members to leave out. Names of members stay. */
function mapTexts(value: unknown, map: (text: string) => string, leftOut: readonly string[] = []): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map, leftOut));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      isKept(key) || leftOut.includes(key) ? inner : mapTexts(inner, map, leftOut),
    ]),
  );
}
