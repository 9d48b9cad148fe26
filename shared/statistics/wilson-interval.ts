import { type Interval, NORMAL_QUANTILE as z } from "./interval.ts";

/**
 * The 95 % interval of a share, by Wilson's score method (Wilson 1927; Newcombe 1998, method 3): it stays within 0
 * and 1 and has a width also where all or none of the rows pass. Undefined where there are no rows.
 */
export function wilsonInterval(passed: number, rows: number): Interval | undefined {
  if (rows === 0) return undefined;
  const share = passed / rows;
  const scale = 1 + z ** 2 / rows;
  const centre = (share + z ** 2 / (2 * rows)) / scale;
  const half = (z * Math.sqrt((share * (1 - share)) / rows + z ** 2 / (4 * rows ** 2))) / scale;
  return { low: passed === 0 ? 0 : centre - half, high: passed === rows ? 1 : centre + half };
}
