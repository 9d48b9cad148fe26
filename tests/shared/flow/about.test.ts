import { expect, test } from "vitest";
import { knownNames } from "../../../shared/evaluators/known-names.ts";
import { parseFlow } from "../../../shared/flow/parse-flow.ts";
import { splitFlow } from "../../../shared/flow/split-flow.ts";

function read(about: string) {
  const text = `name: shop
prompt: chat.prompty
evaluation: { datasets: [a.jsonl], evaluators: [coherence] }
gate: { coherence: { mean: ">= 4" } }
${about}
`;
  return parseFlow(new Map([["flow.yaml", Buffer.from(text)]]), knownNames());
}

test("what a flow is meant for is part of what judges it, and of nothing that answers", () => {
  const { definition, diagnostics } = read(
    "about: { intendedUse: Customers ask about tents., limits: [No orders.] }",
  );
  expect(diagnostics).toEqual([]);
  if (!definition) throw new Error("It has no definition.");
  const { version, suite } = splitFlow(definition, new Map());
  expect(suite.definition.about).toEqual({
    intendedUse: "Customers ask about tents.",
    notFor: [],
    limits: ["No orders."],
    contact: undefined,
  });
  expect(version.definition).not.toHaveProperty("about");
});

test("a flow that says nothing keeps the name of its suite", () => {
  const { definition } = read("");
  if (!definition) throw new Error("It has no definition.");
  expect(splitFlow(definition, new Map()).suite.definition).not.toHaveProperty("about");
});

test.each([
  ["about: { limits: [None.] }", 5, /intendedUse/],
  ["about: { intendedUse: '' }", 5, /Say it in a sentence, or leave it out/],
  ["about:\n  intendedUse: Tents.\n  limit: [None.]", 7, /limit/],
])("%j is refused at its line", (about, line, message) => {
  const { definition, diagnostics } = read(about);
  expect(definition).toBeUndefined();
  expect(diagnostics).toMatchObject([{ line, message: expect.stringMatching(message) }]);
});
