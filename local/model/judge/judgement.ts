/** What a judge says: why, then a number from 1 (worst) to 5 (best). */
export interface Judgement {
  reason: string;
  score: number;
}
