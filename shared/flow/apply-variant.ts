import type { FlowDefinition } from "../model/flow.ts";
import type { LoadedFlow } from "./load-flow.ts";
import { isOpenAi, modelParameters } from "./model-parameters.ts";
import type { Combination } from "./variant-combinations.ts";

const LIMITS = ["max_tokens", "max_completion_tokens"];

/** The flow with the combination's prompt in place of its own. */
export function withPrompt(definition: FlowDefinition, { chosen }: Combination): FlowDefinition {
  return chosen["prompt"] === undefined
    ? definition
    : { ...definition, prompt: String(chosen["prompt"].value) };
}

/**
 * The loaded flow with the combination's model and parameters in place of the prompt's. The limit of the answer goes
 * by the name that the model takes.
 */
export function withModel(flow: LoadedFlow, { chosen }: Combination): LoadedFlow {
  const { prompt: _prompt, model: chosenModel, ...parameters } = chosen;
  const model = chosenModel === undefined ? flow.prompt.model : String(chosenModel.value);
  const named = model === undefined ? {} : { id: model };
  const options = Object.fromEntries(Object.entries(parameters).map(([name, { value }]) => [name, value]));
  const replaced = modelParameters({ ...named, options });

  const kept = { ...flow.prompt.parameters };
  if (LIMITS.some((name) => name in replaced)) {
    for (const name of LIMITS) delete kept[name];
  } else if (chosenModel !== undefined && (isOpenAi(named) || isOpenAi(baseOf(flow)))) {
    // Of a deployment with a name of its own nobody knows what model it is: then the prompt has said it.
    const maxOutputTokens = kept["max_completion_tokens"] ?? kept["max_tokens"];
    for (const name of LIMITS) delete kept[name];
    Object.assign(replaced, modelParameters({ ...named, options: { maxOutputTokens } }));
  }
  return { ...flow, prompt: { ...flow.prompt, model, parameters: { ...kept, ...replaced } } };
}

function baseOf({ prompt: { model } }: LoadedFlow): { id?: string } {
  return model === undefined ? {} : { id: model };
}
