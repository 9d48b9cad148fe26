import type { Prompty, PromptyInput } from "./prompty.ts";

/** An input that comes from outside, of a row or a chat, and the prompt that declares it. */
export interface OuterInput {
  input: PromptyInput;
  prompt: Prompty;
}

/** A step as far as it says what is not taken from outside: its own result, and what it gives to its prompt. */
interface StepPrompt {
  name: string | undefined;
  prompt: Prompty | undefined;
  gives(input: string): boolean;
}

/** The declared inputs of a flow's prompts that neither steps nor what these give stand for; the answering prompt's first. */
export function outerInputs(prompt: Prompty, steps: readonly StepPrompt[]): OuterInput[] {
  const names = new Set(steps.map(({ name }) => name));
  const own = prompt.inputs.map((input) => ({ input, prompt }));
  const ofSteps = steps.flatMap(({ prompt: asked, gives }) =>
    (asked?.inputs ?? []).flatMap((input) =>
      asked === undefined || gives(input.name) ? [] : [{ input, prompt: asked }],
    ),
  );
  return [...own, ...ofSteps].filter(({ input }) => !names.has(input.name));
}
