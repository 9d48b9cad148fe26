/**
 * Python's `'%.2f'`: like toFixed, but of two equally near results the one with an even last digit. A tie exists only
 * where the exact binary value ends right at it, which its expansion to 60 digits shows.
 */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e21) return String(value);
  const places = Math.min(digits, 100);
  const exact = value.toFixed(Math.min(places + 60, 100));
  const point = exact.indexOf(".");
  const rest = exact.slice(point + 1 + places);
  if (point < 0 || !/^50*$/.test(rest)) return value.toFixed(places);
  const kept = exact.slice(0, places === 0 ? point : point + 1 + places);
  const lastDigit = Number(kept.at(-1));
  if (lastDigit % 2 === 0) return kept;
  const away = Math.sign(value) * 10 ** -places;
  return (Number(kept) + away).toFixed(places);
}
