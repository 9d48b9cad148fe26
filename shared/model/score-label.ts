/** What telemetry calls a score: a missing one never passed. */
export function scoreLabel(passed: boolean | undefined): "pass" | "fail" | "missing" {
  if (passed === undefined) return "missing";
  return passed ? "pass" : "fail";
}
