import type { AskedInput, VersionInputs } from "../model/tried-turn.ts";
import { conversationInputs } from "./conversation-inputs.ts";
import type { LoadedFlow } from "./load-flow.ts";

/** What a version is asked with: what its prompt declares, and what its templates and steps use without that. */
export function versionInputs(loaded: LoadedFlow): VersionInputs {
  const { steps, question, histories, used } = conversationInputs(loaded);
  const { inputs: declared, sample } = loaded.prompt;
  const given = new Set([question, ...histories, ...steps]);
  const inputs = declared.map((input): AskedInput => ({
    name: input.name,
    type: input.type,
    required: input.required && input.default === undefined,
    default: textOf(input.default),
    sample: textOf(sample[input.name]),
    choices: input.enumValues?.map((value) => textOf(value) ?? ""),
  }));
  const undeclared = [...used].filter((name) => !declared.some((input) => input.name === name));
  for (const name of undeclared) {
    const text = textOf(sample[name]);
    inputs.push({
      name,
      type: "string",
      required: false,
      default: undefined,
      sample: text,
      choices: undefined,
    });
  }
  return { question, histories: [...histories], inputs: inputs.filter(({ name }) => !given.has(name)) };
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
