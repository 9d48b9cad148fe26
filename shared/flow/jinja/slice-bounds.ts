import { TemplateError } from "./template-error.ts";
import { intOf } from "./values/number.ts";

/** The positions that Python's slice of a sequence starts from and stops before. A part left out is null, as None is. */
export function sliceBounds(
  length: number,
  start: unknown,
  stop: unknown,
  step: unknown,
): { from: number; to: number; stride: number } {
  const stride = bound(step) ?? 1;
  if (stride === 0) throw new TemplateError("A slice's step must not be 0.");
  const lowest = stride > 0 ? 0 : -1;
  const highest = stride > 0 ? length : length - 1;
  const clamp = (position: number | undefined, fallback: number): number => {
    if (position === undefined) return fallback;
    return Math.min(Math.max(position < 0 ? position + length : position, lowest), highest);
  };
  return {
    from: clamp(bound(start), stride > 0 ? lowest : highest),
    to: clamp(bound(stop), stride > 0 ? highest : lowest),
    stride,
  };
}

function bound(value: unknown): number | undefined {
  if (value === null) return undefined;
  const int = intOf(value);
  if (int === undefined) throw new TemplateError("A slice needs whole numbers.");
  return Number(int);
}
