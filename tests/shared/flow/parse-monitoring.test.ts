import { expect, test } from "vitest";
import { knownNames } from "../../../shared/evaluators/known-names.ts";
import { parseFlow } from "../../../shared/flow/parse-flow.ts";
import type { Diagnostic, Monitoring } from "../../../shared/model/flow.ts";

function read(monitoring: string): { monitoring: Monitoring | undefined; diagnostics: Diagnostic[] } {
  const text = `name: shop
prompt: chat.prompty
evaluation:
  datasets: [a.jsonl]
  evaluators: [groundedness, similarity, preference, { polite: { use: judge, prompt: polite.prompty } }]
gate: { groundedness: { mean: ">= 4" } }
${monitoring}
`;
  const { definition, diagnostics } = parseFlow(new Map([["flow.yaml", Buffer.from(text)]]), knownNames());
  return { monitoring: definition?.monitoring, diagnostics };
}

test("a flow that does not ask for it is not watched", () => {
  expect(read("")).toEqual({ monitoring: undefined, diagnostics: [] });
});

test("what is not said is filled in; what compares with a dataset does not score turns", () => {
  expect(read("monitoring: {}")).toEqual({
    monitoring: {
      sample: 0.05,
      evaluators: ["groundedness", "polite"],
      dailyBudget: { tokens: 200_000, cost: undefined },
      retainDays: 30,
    },
    diagnostics: [],
  });
});

test("everything can be said", () => {
  const said =
    'monitoring: { sample: 12.5%, evaluators: [polite], dailyBudget: { cost: "$2" }, retainDays: 7 }';
  expect(read(said).monitoring).toEqual({
    sample: 0.125,
    evaluators: ["polite"],
    dailyBudget: { tokens: undefined, cost: 2 },
    retainDays: 7,
  });
});

test("a guardrail's groundedness is watched by itself, or beside what monitoring asks for, by the larger share", () => {
  const guardrails = "guardrails: { groundedness: { sample: 10%, atLeast: 4 } }";
  expect(read(guardrails).monitoring).toMatchObject({ sample: 0.1, evaluators: [], groundedness: 4 });
  expect(read(`${guardrails}\nmonitoring: { sample: 20% }`).monitoring).toMatchObject({
    sample: 0.2,
    evaluators: ["groundedness", "polite"],
    groundedness: 4,
  });
  expect(read("guardrails: { groundedness: {} }").monitoring).toMatchObject({
    sample: 0.05,
    groundedness: 3,
  });
  expect(read("guardrails: { groundedness: { atLeast: 9 } }").diagnostics[0]?.message).toContain(
    "Expected a score from 1 to 5.",
  );
});

test.each([
  ["{ sample: often }", 23, "Expected a share such as 5%.", "monitoring: { sample: 5%"],
  ["{ sample: 200% }", 23, "Expected a share such as 5%.", "monitoring: { sample: 5%"],
  ["{ sampel: 5% }", 15, "Unknown key sampel.", "sample"],
  ["{ retainDays: 0 }", 27, "Expected a number of days from 1 to 365.", "retainDays: 30"],
  ["{ evaluators: [groundednes] }", 28, "is no evaluator of evaluation.evaluators", "groundedness"],
  ["{ evaluators: [similarity] }", 28, "compares with what only a dataset has", "groundedness, polite"],
  ["{ dailyBudget: { token: 5k } }", 30, "Unknown key token.", "tokens"],
])("monitoring: %s is refused where it stands", (written, column, message, remedy) => {
  const { diagnostics, monitoring } = read(`monitoring: ${written}`);
  expect(monitoring).toBeUndefined();
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]).toMatchObject({ severity: "error", file: "flow.yaml", line: 7, column });
  expect(diagnostics[0]?.message).toContain(message);
  expect(diagnostics[0]?.remedy).toContain(remedy);
});

test("a flow none of whose evaluators could score a turn is told what could", () => {
  const text =
    "name: shop\nprompt: chat.prompty\nevaluation: { datasets: [a.jsonl], evaluators: [f1_score] }\n" +
    'gate: { f1_score: { mean: ">= 0" } }\nmonitoring: { evaluators: [f1_score] }\n';
  const { diagnostics } = parseFlow(new Map([["flow.yaml", Buffer.from(text)]]), knownNames());
  expect(diagnostics.map(({ remedy }) => remedy)).toEqual([
    "Take it out of monitoring. Add an evaluator that needs no dataset, such as relevance, to score turns.",
  ]);
});
