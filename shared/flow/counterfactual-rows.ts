import { contentHash, sha256 } from "../model/canonical.ts";
import type { Counterfactual } from "../model/flow.ts";
import type { DatasetRow } from "../model/version.ts";
import { type Side, wordSwap } from "./swap-words.ts";

/** More pairs tell little more, and each costs what a row costs. */
const MOST_PAIRS = 1_000;

/** What names or describes a row and is no text of it, and who speaks in a history. */
const KEPT = ["id", "category", "tags", "role"];
const EXPECTED = ["ground_truth", "groundTruth"];

/**
 * The rows that substitutions make of the quality rows: each with the words of one side in place of the other's, in the
 * same cluster as the row it is made of. What is expected of the row is swapped along. A row that has words of both
 * sides has no direction and makes none. At most 1,000 for each counterfactual, chosen by a hash of their content.
 */
export function counterfactualRows(
  rows: readonly DatasetRow[],
  counterfactuals: readonly Counterfactual[],
): DatasetRow[] {
  return counterfactuals.flatMap(({ name, fields, swap: pairs }) => {
    const { swap, sideOf } = wordSwap(pairs);
    const isSwapped = (field: string): boolean =>
      !KEPT.includes(field) && !EXPECTED.includes(field) && (fields?.includes(field) ?? true);
    const made = rows.flatMap((row): DatasetRow[] => {
      if (row.as !== "quality") return [];
      const sides = new Set<Side>();
      const note = (text: string): string => {
        sides.add(sideOf(text));
        return text;
      };
      for (const [field, value] of Object.entries(row.fields)) if (isSwapped(field)) mapTexts(value, note);
      sides.delete("none");
      const [side] = sides;
      if (sides.size !== 1 || side === "both") return [];
      const swapped = Object.fromEntries(
        Object.entries(row.fields).map(([field, value]) => [
          field,
          isSwapped(field) || EXPECTED.includes(field) ? mapTexts(value, swap) : value,
        ]),
      );
      return [
        {
          ...row,
          id: `${row.id}~${name}`,
          hash: contentHash({ counterfactual: name, fields: swapped }),
          as: "counterfactual",
          fields: swapped,
          counterfactual: { name, of: row.id, from: side === "first" ? "first" : "second" },
        },
      ];
    });
    return chosen(made);
  });
}

function chosen(rows: DatasetRow[]): DatasetRow[] {
  if (rows.length <= MOST_PAIRS) return rows;
  const order = new Map(rows.map((row) => [row, sha256(`counterfactual\n${row.hash}`)]));
  return rows.toSorted((a, b) => ((order.get(a) ?? "") < (order.get(b) ?? "") ? -1 : 1)).slice(0, MOST_PAIRS);
}

/** The value with every text in it mapped. Names of members stay. */
function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, KEPT.includes(key) ? inner : mapTexts(inner, map)]),
  );
}
