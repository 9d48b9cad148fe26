/**
 * p-values corrected for being several, in their order (Holm 1979): rejecting those at or below a level wrongly
 * rejects any at all with at most that probability.
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const corrected = values.map(() => 1);
  let largest = 0;
  for (const [rank, { value, index }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, value * (values.length - rank)));
    corrected[index] = largest;
  }
  return corrected;
}
