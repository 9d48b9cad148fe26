import type { TokenUsage } from "../ports/chat-model.ts";
import prices from "./prices.json" with { type: "json" };

const PER = 1_000_000;
/** Services append a date or a build to the name they were asked for: gpt-4o-mini-2024-07-18. */
const DATED = /^-(\d{4}-\d{2}-\d{2}|\d{4,8}|latest)$/;

/** US dollars per million tokens, by model: what a user says of models that are not on our list, or on theirs. */
export type PriceList = Readonly<Record<string, Price>>;
interface Price {
  input: number;
  output: number;
}

const NONE: PriceList = {};

/**
 * What a call cost in US dollars: by the user's own list, else by `prices.json`; undefined for a model on neither.
 * Both know a model by its name in any case, with the name of a service before it or without, and dated or not.
 */
export function costOf(model: string, usage: TokenUsage, own: PriceList = NONE): number | undefined {
  const price = priceIn(own, model) ?? priceIn(prices.models, model);
  if (price === undefined) return undefined;
  return (usage.inputTokens * price.input + usage.outputTokens * price.output) / PER;
}

/** Asked at every call, of a handful of models. */
const found = new WeakMap<
  PriceList,
  { list: ReadonlyMap<string, Price>; prices: Map<string, Price | undefined> }
>();
const MOST_REMEMBERED = 1_000;

function priceIn(written: PriceList, model: string): Price | undefined {
  const known = found.get(written) ?? { list: byName(written), prices: new Map<string, Price | undefined>() };
  found.set(written, known);
  const { list, prices: remembered } = known;
  if (!remembered.has(model)) {
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(model, priceOf(model, list));
  }
  return remembered.get(model);
}

/** By the names as they are written, before what they are called without their service. */
function byName(written: PriceList): Map<string, Price> {
  const list = new Map(Object.entries(written).map(([name, price]) => [name.toLowerCase(), price]));
  for (const [name, price] of list) if (!list.has(bareName(name))) list.set(bareName(name), price);
  return list;
}

/** The longest listed name that the model is a dated form of. A different model with a longer name is not one. */
function priceOf(model: string, list: ReadonlyMap<string, Price>): Price | undefined {
  const whole = model.toLowerCase();
  const name = bareName(whole);
  const listed = list.get(whole) ?? list.get(name);
  if (listed) return listed;
  const [longest = ""] = [...list.keys()]
    .filter((known) => name.startsWith(known) && DATED.test(name.slice(known.length)))
    .sort((a, b) => b.length - a.length);
  return list.get(longest);
}

function bareName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
