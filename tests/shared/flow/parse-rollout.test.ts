import { expect, test } from "vitest";
import { parseFlow } from "../../../shared/flow/parse-flow.ts";
import type { Diagnostic, Rollout } from "../../../shared/model/flow.ts";

const KNOWN = { evaluators: ["coherence"], metrics: ["latency"] };

function read(rollout: string): { rollout: Rollout | undefined; diagnostics: Diagnostic[] } {
  const text = `name: shop
prompt: chat.prompty
evaluation: { datasets: [a.jsonl], evaluators: [coherence] }
gate: { coherence: { mean: ">= 4" }, latency: { p95: "<= 4s" } }
${rollout}
`;
  const { definition, diagnostics } = parseFlow(new Map([["flow.yaml", Buffer.from(text)]]), KNOWN);
  return { rollout: definition?.rollout, diagnostics };
}

test("a rollout that names nothing but its steps gets every other value", () => {
  expect(read("rollout: { canary: [5%, 25%, 0.5] }")).toEqual({
    rollout: {
      kind: "canary",
      steps: [0.05, 0.25, 0.5],
      minSessions: 100,
      minTimeMs: 600_000,
      maxTimeMs: 86_400_000,
      quietMs: 1_800_000,
      soakMs: 3_600_000,
      approval: "none",
      expiresMs: 86_400_000,
      latencyObjectiveMs: 4_000,
      margin: 0.05,
    },
    diagnostics: [],
  });
});

test("everything can be said, and immediate is immediate", () => {
  const { rollout } = read(
    "rollout: { canary: [50%], minSessions: 5, minTime: 0s, maxTime: 2d, quiet: 90s, soak: 0s, approval: each, expires: 1.5h, latencyObjective: 800ms, margin: 20% }",
  );
  expect(rollout).toEqual({
    kind: "canary",
    steps: [0.5],
    minSessions: 5,
    minTimeMs: 0,
    maxTimeMs: 172_800_000,
    quietMs: 90_000,
    soakMs: 0,
    approval: "each",
    expiresMs: 5_400_000,
    latencyObjectiveMs: 800,
    margin: 0.2,
  });
  expect(read("rollout: immediate").rollout).toEqual({ kind: "immediate" });
  expect(read("").rollout).toEqual({ kind: "immediate" });
});

test.for([
  ["rollout: slowly", 10, /no rollout "slowly"/, /canary: \[5%/],
  ["rollout: canary", 10, /names the shares/, /canary: \[5%/],
  ["rollout: { canary: [5%], approval: lst }", 36, /no approval lst\. Did you mean last\?/, /approval: last/],
  [
    "rollout: { canary: [5%], approval: sometimes }",
    36,
    /Known approvals: none, first, last, each/,
    /approval/,
  ],
  ["rollout: { canary: [5%, 5%] }", 25, /no larger than the one before/, /small to large/],
  ["rollout: { canary: [5%, 100%] }", 25, /everybody/, /below 100%/],
  ["rollout: { canary: [0%] }", 21, /nobody/, /above 0%/],
  ["rollout: { canary: [5] }", 21, /such as 5%/, /canary: \[5%/],
  ["rollout: { canary: [] }", 20, /at least one share/, /canary: \[5%/],
  ["rollout: { minSessions: 5 }", 10, /no rollout\.canary/, /canary: \[5%/],
  ["rollout: { canary: [5%], minTime: 10 }", 35, /such as 10m/, /canary: \[5%/],
  ["rollout: { canary: [5%], minTime: 10 years }", 35, /such as 10m/, /canary: \[5%/],
  ["rollout: { canary: [5%], maxTime: 5m }", 35, /not above minTime/, /more time/],
  ["rollout: { canary: [5%], minSession: 5 }", 26, /minSession/, /minSessions/],
] as const)("%s is refused with its place and its fix", ([written, column, message, remedy]) => {
  const { rollout, diagnostics } = read(written);
  expect(rollout).toBeUndefined();
  const [first] = diagnostics;
  expect(first).toMatchObject({ severity: "error", file: "flow.yaml", line: 5, column });
  expect(first?.message).toMatch(message);
  expect(first?.remedy).toMatch(remedy);
});

test("a shadow is read with its defaults, and one that accepts everything is refused where it stands", () => {
  const { rollout } = read("rollout: { canary: [5%], shadow: {} }");
  expect(rollout).toMatchObject({ shadow: { share: 0.1, minTurns: 50, noWorseThan: 0.05 } });
  const said = read("rollout: { canary: [5%], shadow: { share: 1%, minTurns: 9, noWorseThan: 2% } }");
  expect(said.rollout).toMatchObject({ shadow: { share: 0.01, minTurns: 9, noWorseThan: 0.02 } });
  const wrong = read("rollout: { canary: [5%], shadow: { noWorseThan: 50% } }");
  expect(wrong.diagnostics).toMatchObject([{ line: 5, remedy: "Name less than 50%, such as 5%." }]);
  const misspelt = read("rollout: { canary: [5%], shadow: { minTurn: 9 } }");
  expect(misspelt.diagnostics).toMatchObject([{ message: "Unknown key minTurn." }]);
});
