import { expect, test } from "vitest";
import { knownNames } from "../../../shared/evaluators/known-names.ts";
import { splitFlow } from "../../../shared/flow/split-flow.ts";
import { validateFlow } from "../../../shared/flow/validate-flow.ts";
import { versionId } from "../../../shared/registry/version-id.ts";
import { GOOD, problemsOf } from "./good-folder.ts";

const withGuardrails = (written: string): Record<string, string> => ({
  ...GOOD,
  "flow.yaml": `${GOOD["flow.yaml"]}guardrails: ${written}\n`,
});
const filesOf = (folder: Record<string, string>): Map<string, Uint8Array> =>
  new Map(Object.entries(folder).map(([name, text]) => [name, new TextEncoder().encode(text)]));

function guardrailsOf(written: string) {
  const { definition, diagnostics } = validateFlow(filesOf(withGuardrails(written)), knownNames());
  expect(diagnostics).toEqual([]);
  return definition?.guardrails;
}

function versionOf(folder: Record<string, string>): string {
  const files = filesOf(folder);
  const { definition } = validateFlow(files, knownNames());
  if (!definition) throw new Error("not valid");
  return versionId(splitFlow(definition, files).version.definition, []);
}

test("guardrails that say nothing more get defaults that need no service", () => {
  expect(guardrailsOf("{}")).toEqual({
    input: [{ kind: "attack" }],
    output: [
      {
        kind: "personal_data",
        kinds: ["card_number", "bank_account", "social_security_number"],
        allow: [],
      },
      { kind: "secrets" },
    ],
    whenUnavailable: "open",
    answer: "I can't help with that. Please ask me something else.",
  });
});

test("guardrails are named alone or with what is told of them", () => {
  const written = `
  input: [attack, harm, { personal_data: { kinds: [email], allow: [help@example.com] } }]
  output: [{ harm: { violence: 6 } }, { blocked_terms: [Acme, red tent] }]
  whenUnavailable: closed
  answer: Ask our staff.`;
  expect(guardrailsOf(written)).toEqual({
    input: [
      { kind: "attack" },
      { kind: "harm", severities: { hate: 4, self_harm: 4, sexual: 4, violence: 4 } },
      { kind: "personal_data", kinds: ["email"], allow: ["help@example.com"] },
    ],
    output: [
      { kind: "harm", severities: { hate: 4, self_harm: 4, sexual: 4, violence: 6 } },
      { kind: "blocked_terms", terms: ["Acme", "red tent"] },
    ],
    whenUnavailable: "closed",
    answer: "Ask our staff.",
  });
  expect(guardrailsOf("{ input: [], output: [] }")).toMatchObject({ input: [], output: [] });
});

test.each([
  ["{ input: [atack] }", "9:23: error: guardrails.input.0: There is no guardrail of the input atack."],
  ["{ output: [attack] }", "9:24: error: guardrails.output.0: attack is looked for in the input"],
  ["{ input: [blocked_terms] }", "9:23: error: guardrails.input.0: blocked_terms needs its terms"],
  ["{ inputs: [attack] }", "9:15: error: Unknown key inputs."],
  ["{ input: [{ harm: { gore: 3 } }] }", "9:33: error: Unknown key gore."],
  ["{ input: [{ harm: { hate: 9 } }] }", "9:39: error: guardrails.input.0.harm.hate: Expected a severity"],
  ["{ output: [{ blocked_terms: [] }] }", "guardrails.output.0.blocked_terms: Name at least one term."],
  ['{ output: [{ blocked_terms: ["!!"] }] }', '9:42: error: The term "!!" has neither a letter nor a digit.'],
  ["{ output: [secrets, secrets] }", "9:33: error: The guardrail secrets is listed twice."],
  ["{ whenUnavailable: ajar }", "9:32: error: guardrails.whenUnavailable: There is no policy ajar."],
  ["{ output: [{ personal_data: { kinds: [mail] } }] }", "There is no kind of personal data mail."],
])("%s is told by its place", (written, problem) => {
  expect(problemsOf(withGuardrails(written)).join("\n")).toContain(problem);
});

test.each([
  ["{ input: [harm] }", "harm is not checked (whenUnavailable: open)"],
  ["{ output: [harm], whenUnavailable: closed }", "every turn is blocked (whenUnavailable: closed)"],
])("%s is warned of where no service is connected", (written, warning) => {
  const warned = (contentSafety: boolean): string =>
    JSON.stringify(
      validateFlow(filesOf(withGuardrails(written)), { ...knownNames(), contentSafety }).diagnostics,
    );
  expect(warned(false)).toContain(warning);
  expect(warned(true)).toBe("[]");
});

test("guardrails are part of the version; a flow without any keeps the name of its version", () => {
  const without = versionOf(GOOD);
  expect(versionId({ name: "shop", prompt: "chat.prompty", steps: definitionSteps() }, [])).toBe(without);
  expect(versionOf(withGuardrails("{ groundedness: { sample: 1% } }"))).toBe(versionOf(withGuardrails("{}")));
  const names = ["{}", "{ whenUnavailable: closed }", "{ output: [{ blocked_terms: [Acme] }] }"].map(
    (written) => versionOf(withGuardrails(written)),
  );
  expect(new Set([without, ...names]).size).toBe(4);
});

function definitionSteps() {
  return validateFlow(filesOf(GOOD), knownNames()).definition?.steps ?? [];
}
