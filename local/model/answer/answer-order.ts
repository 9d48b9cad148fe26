import type { Customer, Order } from "../prompt/read-customer.ts";
import type { Prompt } from "../prompt/read-prompt.ts";
import { stem } from "../text/stem.ts";
import { coverage, terms, words } from "../text/words.ts";

/** Words by which customers speak of what they have bought. */
export const OWN = /\bmy\b|\b(?:did|have|had|do) i\b|\bi(?:'ve| have)? (?:order|bought|buy|purchas|paid)/i;
const ORDER_WORDS =
  /\border(?:s|ed)?\b|\bb(?:uy|ought)\b|\bpurchase|\bpa(?:y|id)\b|\bparcel|\bpackage|\bstatus|\bship|\bdeliver|\breturn|\brefund|\btotal/i;
/** "the tent I bought" says which tent, and asks nothing about the purchase. */
const RELATIVE =
  /\b(?<!(?:have|had|did)\s)i(?:'ve| have)? (?:just |recently )?(?:bought|ordered|purchased)\b/i;
const MONTHS = "january february march april may june july august september october november december".split(
  " ",
);
const LISTED = 3;

/**
 * The sentences that answer a question about the customer's own record (membership, orders), empty where the record
 * does not hold it, undefined where the question is not about it.
 */
export function answerOrder(prompt: Prompt, customer: Customer): string[] | undefined {
  const { question } = prompt;
  if (
    /\b(?:my|i)\b.*\bmember(?:ship)?\b/i.test(question) &&
    !/\bhow\b|\bbecome|\bget\b|\bas an?\b/i.test(question)
  ) {
    return customer.membership ? [`Your membership is ${customer.membership}.`] : [];
  }
  const mentioned = /\border\s*#?\s*(\w*\d\w*)/i.exec(question)?.[1];
  const refersBack = /\b(?:it|its|that order)\b/i.test(question) && prompt.history.length > 0;
  const earlier = refersBack
    ? prompt.history
        .slice(-2)
        .map(({ text }) => text)
        .join(" ")
    : "";
  const personal = OWN.test(question) || mentioned !== undefined || (refersBack && OWN.test(earlier));
  if (!personal || !ORDER_WORDS.test(question.replace(RELATIVE, ""))) return undefined;

  const wantsList =
    /\b(?:what|which) (?:have|did|had) i\b|\bmy (?:\w+ )?orders\b|\bany (?:\w+ )?orders\b|\border history/i.test(
      question,
    );
  const matching = matchOrders(question, customer.orders, mentioned);
  const meant = matching.length > 0 || !earlier ? matching : matchOrders(earlier, customer.orders, undefined);
  if (wantsList && meant.length === 0) return listOrders(question, customer.orders);
  if (mentioned !== undefined || meant.length > 0)
    return meant.slice(0, 1).map((order) => describe(order, question));
  return /\b(?:last|latest|recent|newest) (?:order|purchase)/i.test(question)
    ? customer.orders
        .toSorted((a, b) => (a.date ?? "").localeCompare(b.date ?? ""))
        .slice(-1)
        .map((order) => describe(order, question))
    : undefined;
}

function matchOrders(text: string, orders: Order[], id: string | undefined): Order[] {
  if (id !== undefined) return orders.filter((order) => order.id === id);
  const asked = terms(text);
  const month = MONTHS.findIndex((name) => words(text).includes(name));
  return orders
    .map((order) => ({ order, share: coverage(terms(order.product), asked) }))
    .filter(
      ({ order, share }) =>
        share > 0 && (month < 1 || order.date?.slice(5, 7) === `${month + 1}`.padStart(2, "0")),
    )
    .sort((a, b) => b.share - a.share)
    .map(({ order }) => order);
}

function listOrders(question: string, orders: Order[]): string[] {
  const open = /\bopen\b/i.test(question);
  const chosen = orders.filter(({ status }) => !open || !/deliver|return|cancel/i.test(status ?? ""));
  if (chosen.length === 0)
    return [`You have no ${open && orders.length > 0 ? "open orders" : "orders yet"}.`];
  return chosen.slice(-LISTED).map((order) => {
    const total = order.total ? `, total $${order.total}` : "";
    return `${ordered(order)}${total}${order.status ? `, ${order.status}` : ""}.`;
  });
}

function describe(order: Order, question: string): string {
  const what = goods(order);
  const named = order.id ? `order ${order.id} with ${what}` : `your order of ${what}`;
  if (/\btotal\b/i.test(question) && order.total) return `The total of ${named} was $${order.total}.`;
  if (/\bpa(?:y|id)\b|\bcost/i.test(question) && order.total) {
    return `You paid $${order.total} for ${what}${order.id ? ` with order ${order.id}` : ""}.`;
  }
  if (
    /\bwhen\b.*\b(?:order|buy|bought|purchase)|\bhow many\b|\bwhat (?:did|have) i\b/i.test(question) ||
    !order.status
  ) {
    return `${ordered(order)}.`;
  }
  const placed = order.date ? ` was placed on ${order.date} and its` : " has a";
  const sentence = `${named}${placed} status is ${order.status}.`.replace(
    " has a status is",
    " has the status",
  );
  if (!/^(?:has|have|is|are|was|were|did)\b/i.test(question))
    return sentence[0]!.toUpperCase() + sentence.slice(1);
  const holds = words(question).some((word) => stem(word) === stem(order.status!.split(" ")[0]!));
  return `${holds ? "Yes" : "Not yet"}, ${sentence}`;
}

function ordered(order: Order): string {
  return `You ordered ${goods(order)}${order.date ? ` on ${order.date}` : ""}${order.id ? ` with order ${order.id}` : ""}`;
}

function goods(order: Order): string {
  return order.quantity ? `${order.quantity} x ${order.product}` : order.product || "the items in it";
}
