import type { Report } from "../../shared/model/run.ts";

/** Why rows have no answer or no score, in sentences; the most rows first. */
export function failureReasons({ failures = [], rowsUsed, run }: Report): string[] {
  const rows = rowsUsed ?? run.rows;
  return failures.map(({ kind, message, rows: failed }) =>
    kind === "quota"
      ? `The model's quota is used up: ${failed} of ${rows} rows could not be measured for it. The service said: ${message} Raise the quota or wait until it renews, then push again.`
      : `${failed} of ${rows} rows could not be measured (${kind}); the first: ${message}`,
  );
}
