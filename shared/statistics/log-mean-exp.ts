/** log(mean(exp(x))) without overflow. */
export function logMeanExp(logarithms: readonly number[]): number {
  const largest = Math.max(...logarithms);
  let sum = 0;
  for (const logarithm of logarithms) sum += Math.exp(logarithm - largest);
  return largest + Math.log(sum / logarithms.length);
}
