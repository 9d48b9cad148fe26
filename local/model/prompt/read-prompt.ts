import type { TextMessage } from "../protocol/chat-request.ts";
import { splitBlocks } from "../text/blocks.ts";
import type { Block } from "../text/blocks.ts";
import { readCustomer } from "./read-customer.ts";
import type { Customer } from "./read-customer.ts";

/** What a prompt holds, told apart by its headings and by how its sentences speak. */
export interface Prompt {
  /** Sentences that tell the model how to behave. */
  instructions: string[];
  documents: PromptDocument[];
  customer: Customer | undefined;
  /** The last thing the user said, and what was said before it, oldest first. */
  question: string;
  history: TextMessage[];
  /** Whom the assistant works for, where the prompt says so: "Contoso Outdoor". */
  organisation: string | undefined;
}

/** A document with its facts, a sentence each. */
export interface PromptDocument {
  id: string | undefined;
  /** What it is about: "Ridgeline Tent". */
  name: string;
  price: string | undefined;
  facts: string[];
}

type SectionKind = "instructions" | "documents" | "customer";

const SECTIONS: [SectionKind, RegExp][] = [
  [
    "instructions",
    /instruction|rule|safety|guideline|behavio|tone|\brole\b|\btask\b|format|how to|jailbreak/i,
  ],
  ["customer", /customer|\buser\b|orders?\b|purchase|account|profile/i],
  [
    "documents",
    /document|context|knowledge|product|catalog|polic|source|information|faq|reference|article|result/i,
  ],
];
const DIRECTIVE =
  /^(?:you(?:'re| are| must| should| will| may| can(?:not)?|r)\b|please\b|always\b|never\b|do not\b|don't\b|only\b|if\b.*\b(?:say|tell|answer|reply|respond|ask|decline|refuse|politely)\b|when\b.*\b(?:say|tell|answer|mention|reply|respond|refuse|decline|give)\b|(?:answer|respond|reply|use|keep|be|mention|cite|address|decline|refuse|say|ignore|disregard|speak|write|end|finish|close|start|include|give|stick|base|make|invent|guess|limit|quote|greet|offer|act|pretend|avoid)\b)|\b(?:the|your) (?:response|answer|reply|assistant|agent)s?\b|the following documentation should/i;

/** Fields that say which document it is, and labels that say nothing. */
const NAMES_IT = /^(?:id|catalog|sku|name|item|title|product)\s*:/i;
const LABEL = /^(?:content|context|description|documents?|facts|information|passage|text|body)\s*:\s*/i;

/** Reads chat messages into a prompt. Without headings, sentences that direct are instructions, the rest documents. */
export function readPrompt(messages: TextMessage[]): Prompt {
  const turns = messages.filter(({ role }) => role === "user" || role === "assistant");
  const lastUser = turns.findLastIndex(({ role }) => role === "user");
  const asked = splitQuestion(turns[lastUser]?.text ?? "");
  const system = messages
    .filter(({ role }) => role === "system" || role === "developer")
    .map(({ text }) => text);
  const blocks = splitBlocks([...system, asked.preamble].join("\n\n"));

  const instructions: string[] = [];
  const documentBlocks: Block[] = [];
  const customerBlocks: Block[] = [];
  let kind: SectionKind | undefined;
  let level = 0;
  for (const block of blocks) {
    const opens =
      block.title !== "" &&
      block.level < 7 &&
      (level === 0 || block.level <= level || kind === "instructions");
    const named = opens ? SECTIONS.find(([, pattern]) => pattern.test(block.title))?.[0] : undefined;
    if (named) {
      kind = named;
      level = block.level;
    }
    const titled = block.title !== "" && !named;
    if (kind === "instructions" && !titled) instructions.push(...block.facts);
    else if (kind === "customer") customerBlocks.push(block);
    else {
      // Ahead of the first document, a section may still say how to use it.
      const directs = (fact: string): boolean => !titled && DIRECTIVE.test(fact);
      instructions.push(...block.facts.filter(directs));
      const facts = block.facts.filter((fact) => !directs(fact));
      if (facts.length > 0 || titled)
        documentBlocks.push({ ...block, title: titled ? block.title : "", facts });
    }
  }
  return {
    instructions,
    documents: documentBlocks.map(readDocument),
    customer: readCustomer(customerBlocks),
    question: asked.question,
    history: turns.slice(0, Math.max(lastUser, 0)),
    organisation: organisationIn(system.join("\n")),
  };
}

/** A user message may carry its own context ahead of `Question:`; most are the question alone. */
function splitQuestion(text: string): { preamble: string; question: string } {
  const marked =
    /^([\s\S]*?)(?:^|\n)\s*#*\s*(?:question|query|user question|customer question)\s*:?\s*\n?\s*([\s\S]+)$/i.exec(
      text,
    );
  if (marked?.[1] !== undefined && /question|query/i.test(text)) {
    return { preamble: marked[1], question: marked[2]!.trim() };
  }
  return { preamble: "", question: text.trim() };
}

function readDocument(block: Block): PromptDocument {
  const id = /\[([^\]]+)\]/.exec(block.title)?.[1] ?? fieldOf(block, /^(?:id|catalog|sku|item_number)$/i);
  const name = block.title
    .replace(/\[[^\]]+\]/, "")
    .replace(/\([^)]*\)\s*$/, "")
    .replace(/^(?:document|source|product|item)\s*\d*\s*[:.-]\s*/i, "")
    .trim();
  const titlePrice = /[$€£]\s?\d+(?:,\d{3})*(?:\.\d+)?/.exec(block.title)?.[0];
  const price = titlePrice ?? fieldOf(block, /price/i);
  return {
    id,
    name,
    price,
    facts: block.facts.filter((fact) => !NAMES_IT.test(fact)).map((fact) => fact.replace(LABEL, "")),
  };
}

function fieldOf(block: Block, key: RegExp): string | undefined {
  for (const fact of block.facts) {
    const field = /^(\w+):\s*(.+)$/.exec(fact);
    if (field && key.test(field[1]!)) return field[2];
  }
  return undefined;
}

function organisationIn(text: string): string | undefined {
  return /\b(?:of|for|at|from)\s+((?:\p{Lu}[\p{L}\d&'-]*)(?:\s+\p{Lu}[\p{L}\d&'-]*){0,3})/u.exec(text)?.[1];
}
