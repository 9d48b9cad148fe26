import { basename } from "node:path";
import type { NodeBody } from "./dag.ts";

/** What a node that Flowgate does not run did, and what can take its place; for people to read. */
export interface CodeDescription {
  /** "get_wiki_url.py" or the tool of a package. */
  what: string;
  /** In the third person, such as "fetches pages from the web (get_wiki_url)". */
  does: string;
  /** The remedy, a sentence. */
  instead: string;
}

interface Kind {
  /** What its source or its name holds. */
  pattern: RegExp;
  does: string;
  instead: (name: string, asks: string) => string;
}

const retrieve = (name: string, asks: string): string =>
  `Put the texts into knowledge/${name}.jsonl and write ${name}: { retrieve: knowledge/${name}.jsonl, query: "{{ ${asks} }}" }; for an index of Azure AI Search, retrieve: { connection: ..., index: ... }.`;

/** Where the code stands in its flow. */
interface CodePlace {
  /** A step that is code as well, whose result it takes. */
  before: string | undefined;
  /** What it is asked with, as a template writes it: the question, or what another step made of it. */
  asks: string;
  /** It works on what the answering prompt's model said. */
  afterAnswer: boolean;
}

const EMBEDS = "makes a vector of a text";
const SEARCHES = "searches a store of texts by meaning";
const LOOKS_UP = "looks up a record in a database";
const ASKS = "asks a model by itself";
const FETCHES = "fetches from the web";
const SHAPES = "takes a text apart";
/** What a step can do, wherever it stood. */
const FINDS = new Set([SEARCHES, LOOKS_UP, ASKS, FETCHES]);

/** From the surest sign to the weakest. */
const KINDS: Kind[] = [
  {
    pattern: /^promptflow\.tools\.embedding\b/,
    does: EMBEDS,
    instead: () => "Remove the step: retrieve embeds what it is asked by itself.",
  },
  {
    pattern:
      /faiss|vector|embedding|azure\.search|SearchClient|index_lookup|chromadb|pinecone|qdrant|similarity_search|mlindex/i,
    does: SEARCHES,
    instead: retrieve,
  },
  {
    pattern:
      /cosmos|sqlite|pyodbc|sqlalchemy|psycopg|pymongo|read_item|get_entity|table_client|\bSELECT\b.+\bFROM\b/i,
    does: LOOKS_UP,
    instead: (name, asks) =>
      `Put the records into knowledge/${name}.jsonl and write ${name}: { lookup: knowledge/${name}.jsonl, by: id, equals: "{{ ${asks} }}" }.`,
  },
  {
    pattern:
      /\bopenai\b|AzureOpenAI|ChatCompletion|chat\.completions|completions\.create|langchain|semantic_kernel|\bllm\b\s*\(/i,
    does: ASKS,
    instead: (name) =>
      `Write what it asks into ${name}.prompty and make the step ${name}: { prompt: ${name}.prompty }.`,
  },
  {
    pattern: /content_?safety|moderation/i,
    does: "checks texts for harm",
    instead: () => "Remove the step; judge the answers by rows of a dataset marked as: safety.",
  },
  {
    pattern: /\brequests\b|urllib|httpx|aiohttp|BeautifulSoup|bs4|selenium|serpapi|bing|\bsearch\b.*https?:/i,
    does: FETCHES,
    instead: retrieve,
  },
  {
    pattern: /\bexec\(|\beval\(|subprocess|os\.system/,
    does: "runs code",
    instead: () =>
      "Flowgate executes nothing that is uploaded: let the caller do it, and pass the result as an input.",
  },
  {
    pattern:
      /json\.loads|ast\.literal_eval|\bre\.(sub|findall|search|match|split|compile)\b|\.split\(|\.strip\(|\.replace\(/,
    does: SHAPES,
    instead: () =>
      "Ask for JSON in the prompt before it (response_format, or outputs) and use the fields of its result; shape texts in the template with Jinja's filters.",
  },
];

const CONDITION: Kind = {
  pattern: /\bif\b[^:\n]+:/,
  does: "decides between cases",
  instead: () =>
    'Write the condition as when: on the steps that depend on it, such as when: category == "refund".',
};
const CONSTANT: Kind = {
  pattern: /\breturn\s*[[{("']|=\s*[[{]/,
  does: "gives the same values every time",
  instead: () => "Write the values into the template that uses them.",
};
const OTHER = "Prepare its result in the dataset or in a knowledge file, or compute it in the template.";

/**
 * What a node does, by its docstring, its first comment, its functions and what it calls. `step` is what it is called
 * in the new flow.
 */
export function describeCode(
  step: string,
  node: NodeBody,
  written: string | undefined,
  { before, asks, afterAnswer }: CodePlace,
): CodeDescription {
  const source = written?.slice(0, MOST_READ);
  const what =
    node.path === undefined
      ? (node.tool ?? `the ${node.type} node ${step}`)
      : `${basename(node.path)} (Python)`;
  // A package's tool is known by its name alone.
  const text = source ?? `${node.tool ?? ""} ${step}`;
  const code = source === undefined ? text : withoutComments(source);
  const kind =
    KINDS.find(({ pattern }) => pattern.test(code)) ??
    (source !== undefined && CONDITION.pattern.test(code) ? CONDITION : undefined) ??
    (source !== undefined && node.inputs.length === 0 && CONSTANT.pattern.test(code) ? CONSTANT : undefined);
  const told = source === undefined ? undefined : (docstringOf(source) ?? commentOf(source));
  const functions = source === undefined ? [] : functionsOf(source);
  const named = functions.length === 0 ? "" : ` (${functions.join(", ")})`;
  const unread = source === undefined && node.path !== undefined;
  const does = unread
    ? `cannot be described: ${node.path} is not there`
    : `${kind?.does ?? "computes something"}${named}${told === undefined ? "" : `: "${told}"`}`;
  const finds = kind !== undefined && FINDS.has(kind.does);
  if (afterAnswer && !finds) {
    const instead =
      "Nothing runs after the model's answer: ask for the final form in the prompt (response_format, or outputs) and remove this step; or make that prompt a step, and let another one answer.";
    return { what, does, instead };
  }
  if (before !== undefined && (kind === undefined || kind.does === SHAPES)) {
    const instead = `Print what ${before} finds where the template prints ${step}, such as {% for item in ${before} %}{{ item.text }}{% endfor %}.`;
    return { what, does, instead };
  }
  const instead = kind?.instead(step, asks) ?? OTHER;
  if (!afterAnswer) return { what, does, instead };
  return {
    what,
    does,
    instead: `${instead} Steps run before the answer: the prompt it depends on becomes a step too.`,
  };
}

const LONGEST = 160;
/** What a node does shows early; a file of any length is read in bounded time. */
const MOST_READ = 20_000;

function docstringOf(source: string): string | undefined {
  const found = /(?:^|\n)[ \t]*[rRuU]?("""|''')([\s\S]{0,2000}?)\1/.exec(source);
  return firstSentence(found?.[2]);
}

function commentOf(source: string): string | undefined {
  const lines = source
    .split("\n")
    .map(
      (line) =>
        /^\s*#(?!!|\s*-\*-|\s*(?:type|pylint|noqa|flake8|pragma)\b)\s*(.*)$/.exec(line)?.[1]?.trim() ?? "",
    );
  return firstSentence(lines.find((line) => /[A-Za-z]{3}/.test(line) && !/copyright|licen[cs]e/i.test(line)));
}

function firstSentence(text: string | undefined): string | undefined {
  const plain = text?.replace(/\s+/g, " ").replaceAll('"', "'").trim() ?? "";
  const sentence = /^.*?[.!?](?=\s|$)/.exec(plain)?.[0] ?? plain;
  if (sentence === "") return undefined;
  return sentence.length > LONGEST ? `${sentence.slice(0, LONGEST - 3)}...` : sentence;
}

/** The tool first, which is what the node calls. */
function functionsOf(source: string): string[] {
  const names = [
    ...source.matchAll(
      /(@tool\s*(?:\([^)]*\))?\s*\n(?:[ \t]*@[^\n]*\n)*[ \t]*)?(?:async[ \t]+)?\bdef[ \t]+(\w+)/g,
    ),
  ];
  const sorted = [
    ...names.filter(([, tool]) => tool !== undefined),
    ...names.filter(([, tool]) => tool === undefined),
  ];
  return [...new Set(sorted.map(([, , name = ""]) => name))]
    .filter((name) => !name.startsWith("__"))
    .slice(0, 4);
}

function withoutComments(source: string): string {
  return source
    .replace(/("""|''')[\s\S]{0,5000}?\1/g, "")
    .split("\n")
    .filter((line) => !/^\s*#/.test(line))
    .join("\n");
}
