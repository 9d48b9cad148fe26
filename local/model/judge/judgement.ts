/** What a judge says: why, then a number on the scale that was asked for; most go from 1 (worst) to 5 (best). */
export interface Judgement {
  reason: string;
  score: number;
}
