import type { TokenUsage } from "../ports/chat-model.ts";
import prices from "./prices.json" with { type: "json" };

const PER = 1_000_000;
/** Services append a date or a build to the name they were asked for: gpt-4o-mini-2024-07-18. */
const DATED = /^-(\d{4}-\d{2}-\d{2}|\d{4,8}|latest)$/;
const models = new Map(Object.entries(prices.models));

/** US dollars per million tokens, by model: what a user says of models that are not on our list, or on theirs. */
export type PriceList = Readonly<Record<string, { input: number; output: number }>>;

/**
 * What a call cost in US dollars: by the user's own list, else by `prices.json`; undefined for a model on neither.
 */
export function costOf(model: string, usage: TokenUsage, own: PriceList = {}): number | undefined {
  const price = Object.hasOwn(own, model) ? own[model] : models.get(nameOf(model) ?? "");
  if (price === undefined) return undefined;
  return (usage.inputTokens * price.input + usage.outputTokens * price.output) / PER;
}

/** Asked at every call, of a handful of models. */
const listed = new Map<string, string | undefined>();
const MOST_REMEMBERED = 1_000;

function nameOf(model: string): string | undefined {
  if (!listed.has(model)) {
    if (listed.size >= MOST_REMEMBERED) listed.clear();
    listed.set(model, listedName(model));
  }
  return listed.get(model);
}

/** The longest listed name that the model is a dated form of. A different model with a longer name is not one. */
function listedName(model: string): string | undefined {
  const name = (model.split("/").at(-1) ?? model).toLowerCase();
  if (models.has(name)) return name;
  return [...models.keys()]
    .filter((known) => name.startsWith(known) && DATED.test(name.slice(known.length)))
    .sort((a, b) => b.length - a.length)[0];
}
