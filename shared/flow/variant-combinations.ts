import { NotFoundError, PermanentError } from "../errors.ts";
import type { VariantAxis } from "../model/flow.ts";
import { suggestion } from "./nearest-name.ts";

/** One alternative of each axis. The base chooses none: the flow as it would be pushed. */
export interface Combination {
  /** `base`, or `prompt=concise temperature=warm`. */
  name: string;
  /** By axis: the alternative's name and value. */
  chosen: Record<string, { name: string; value: unknown }>;
}

export const BASE = "base";
const MOST_COMBINATIONS = 64;

/**
 * The base and every combination of the axes' alternatives. `selected` narrows them: `temperature` is that axis,
 * `temperature=warm` that alternative of it; axes that are not selected stay as in the base. Throws `NotFoundError`
 * that names the nearest for one that does not exist, `PermanentError` for more than 64 combinations.
 */
export function combinationsOf(
  variants: readonly VariantAxis[],
  selected: readonly string[] = [],
): Combination[] {
  const axes = selected.length === 0 ? variants : select(variants, selected);
  const count = axes.reduce((product, { alternatives }) => product * alternatives.length, 1);
  if (count > MOST_COMBINATIONS) {
    const counts = axes.map(({ name, alternatives }) => `${name} (${alternatives.length})`).join(", ");
    throw new PermanentError(
      `These axes make ${count} combinations: ${counts}; at most ${MOST_COMBINATIONS} are compared. Choose some with --variants.`,
    );
  }
  let chosen: Combination["chosen"][] = [{}];
  for (const { name, alternatives } of axes) {
    chosen = chosen.flatMap((earlier) =>
      alternatives.map((alternative) => ({ ...earlier, [name]: alternative })),
    );
  }
  const combined = axes.length === 0 ? [] : chosen;
  return [
    { name: BASE, chosen: {} },
    ...combined.map((choice) => ({ name: nameOf(choice), chosen: choice })),
  ];
}

function nameOf(chosen: Combination["chosen"]): string {
  return Object.entries(chosen)
    .map(([axis, { name }]) => `${axis}=${name}`)
    .join(" ");
}

/** In the order of the flow, whatever the order of the selection. */
function select(variants: readonly VariantAxis[], selected: readonly string[]): VariantAxis[] {
  const wanted = new Map<string, Set<string>>();
  for (const selection of selected) {
    const [axisName = "", ...rest] = selection.split("=");
    const axis = variants.find(({ name }) => name === axisName);
    if (!axis) {
      const known = variants.map(({ name }) => name);
      throw new NotFoundError(`The flow varies no ${axisName}. ${suggestion(axisName, known, "axes")}`);
    }
    const all = axis.alternatives.map(({ name }) => name);
    const alternative = rest.join("=");
    if (rest.length > 0 && !all.includes(alternative)) {
      const known = suggestion(alternative, all, "alternatives");
      throw new NotFoundError(`${axisName} has no alternative ${alternative}. ${known}`);
    }
    const names = rest.length > 0 ? [alternative] : all;
    wanted.set(axisName, new Set([...(wanted.get(axisName) ?? []), ...names]));
  }
  return variants.flatMap((axis) => {
    const names = wanted.get(axis.name);
    if (!names) return [];
    return [{ ...axis, alternatives: axis.alternatives.filter(({ name }) => names.has(name)) }];
  });
}
