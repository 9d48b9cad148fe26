import type { Block } from "../text/blocks.ts";

/** Who asks, as the prompt tells it. */
export interface Customer {
  firstName: string | undefined;
  /** Every word of the name, lower-case. */
  names: string[];
  id: string | undefined;
  membership: string | undefined;
  orders: Order[];
  /** All of the record's lines, for what the fields above do not cover. */
  facts: string[];
}

/** One order, each field as written in the prompt. */
export interface Order {
  id: string | undefined;
  product: string;
  quantity: string | undefined;
  unitPrice: string | undefined;
  total: string | undefined;
  date: string | undefined;
  status: string | undefined;
  text: string;
}

const NAME = String.raw`(\p{Lu}[\p{L}'’-]+(?:[ \t]+\p{Lu}[\p{L}'’-]+)*)`;
const MONEY = String.raw`[$€£]?\s?(\d+(?:,\d{3})*(?:\.\d+)?)`;

/** Reads the customer's section; undefined where the prompt has none. */
export function readCustomer(blocks: Block[]): Customer | undefined {
  const facts = blocks.flatMap((block) => (block.title ? [block.title, ...block.facts] : block.facts));
  if (facts.length === 0) return undefined;
  const text = facts.join("\n");
  const first = find(text, String.raw`first\s?name["']?\s*(?:is|:)\s*["']?${NAME}`);
  const last = find(text, String.raw`last\s?name["']?\s*(?:is|:)\s*["']?${NAME}`);
  const full = find(text, String.raw`\b(?:[nN]ame|[cC]ustomer)\s*(?:is|:)\s*${NAME}`, "u");
  return {
    firstName: first?.split(/\s/)[0] ?? full?.split(/\s/)[0],
    names: `${full ?? ""} ${first ?? ""} ${last ?? ""}`.toLowerCase().split(/\s+/).filter(Boolean),
    id: find(text, String.raw`\bid["']?\s*[:=]?\s*["']?(\w+)`),
    membership: find(
      text,
      String.raw`member(?:ship)?(?: level| status| tier)?["']?\s*(?:is|:|of)\s*["']?(\w+)`,
    ),
    orders: readOrders(blocks),
    facts,
  };
}

function readOrders(blocks: Block[]): Order[] {
  const lines = blocks.flatMap((block) => block.facts.filter((fact) => /^\s*order\s*#?\s*\w*\d/i.test(fact)));
  const texts =
    lines.length > 0 ? lines : blocks.filter(isOrderRecord).map((block) => block.facts.join("; "));
  return texts.map((text) => ({
    id:
      find(text, String.raw`order(?:\s*id)?["']?\s*[#:]?\s*["']?#?(\w*\d\w*)`) ??
      find(text, String.raw`\bid:\s*(\d+)`),
    product: find(text, String.raw`(?:\d+\s*(?:x|×)\s+|(?:product|item|name):\s*)([^,;(]+)`)?.trim() ?? "",
    quantity: find(text, String.raw`(\d+)\s*(?:x|×)\s`) ?? find(text, String.raw`quantity:\s*(\d+)`),
    unitPrice: find(text, String.raw`${MONEY}\s*each`) ?? find(text, String.raw`unit\s?price:?\s*${MONEY}`),
    total: find(text, String.raw`total:?\s*(?:of\s*)?${MONEY}`),
    date: find(text, String.raw`(\d{4}-\d{2}-\d{2}|\d{1,2}\/\d{1,2}\/\d{4}|\d{1,2} [A-Z][a-z]+ \d{4})`),
    status: find(text, String.raw`status:?\s*(?:is\s*)?["']?([a-z][a-z ]*[a-z])`),
    text,
  }));
}

function isOrderRecord(block: Block): boolean {
  const text = block.facts.join("\n");
  return (
    /^(?:order_?id|product_?id|quantity|total|name|item)\s*:/im.test(text) &&
    !/^first\s?name\s*:/im.test(text)
  );
}

function find(text: string, pattern: string, flags = "iu"): string | undefined {
  return new RegExp(pattern, flags).exec(text)?.[1];
}
