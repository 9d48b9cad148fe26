/**
 * `traffic/<flow>/shadow/<rollout>/<first turn>.json`: turns of production that the candidate answered too, unseen.
 * `preference`: 1 where a judge prefers the candidate's answer in both orders, 0 where it prefers the one that was
 * served, else 0.5; null where it could not be asked.
 */
export interface ShadowComparison {
  flow: string;
  rollout: string;
  version: string;
  at: string;
  /** `error`: its kind, where the candidate or the judge failed. */
  turns: { turn: string; preference: number | null; error?: string | undefined }[];
}
