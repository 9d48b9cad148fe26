import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Seeded random draws: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** A whole number from 0 to `below` - 1. */
  index(below: number): number;
  /** Standard normal (Box and Muller 1958). */
  normal(): number;
  /** 1 with probability `p`, else 0. */
  coin(p: number): 0 | 1;
  /** The same values in random order (Fisher and Yates). */
  shuffled<T>(values: readonly T[]): T[];
}

export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const uniform = (): number => uniformFloat64(generator);
  const index = (below: number): number => Math.floor(uniform() * below);
  return {
    uniform,
    index,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    coin: (p) => (uniform() < p ? 1 : 0),
    shuffled(values) {
      const result = [...values];
      for (let last = result.length - 1; last > 0; last -= 1) {
        const other = index(last + 1);
        const moved = result[last];
        const taken = result[other];
        if (moved === undefined || taken === undefined) continue;
        result[last] = taken;
        result[other] = moved;
      }
      return result;
    },
  };
}
