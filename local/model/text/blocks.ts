import { splitSentences } from "./split-sentences.ts";

/** A stretch of text about one thing: a document, a record, a section. */
export interface Block {
  /** What the text calls it; empty where it gives no heading. */
  title: string;
  /** Depth of the heading, 1 for `#`; 7 where the title is a field such as `name:`, 0 where there is no heading. */
  level: number;
  /** Sentences and field lines in order. */
  facts: string[];
}

const HEADING = /^\s*(#{1,6})\s+(.+?)\s*#*$/;
const TAG = /^\s*<\/?([a-z][\w-]*)>\s*$/i;
const TITLE_LINE = /^\s*(?:\*\*)?([\p{L}][\p{L}\d ,'’&/()-]{1,60}?)(?:\*\*)?:(?:\*\*)?\s*$/u;
const FIELD = /^\s*[-*]?\s*["']?(\w[\w .-]{0,30}?)["']?\s*[:=]\s+(.+)$/;
const IDENTIFYING_KEYS = new Set(["id", "catalog", "sku", "name", "item", "title", "product"]);
const TITLE_KEYS = new Set(["name", "item", "title", "product", "item_name", "productname"]);

/** Splits text into blocks at headings, tags, title lines, blank lines, JSON records and repeated field names. */
export function splitBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let current: Block = { title: "", level: 0, facts: [] };
  let keys = new Set<string>();
  let parted = false;
  const open = (title: string, level: number): void => {
    current = { title, level, facts: [] };
    keys = new Set();
    blocks.push(current);
  };
  open("", 0);

  for (const line of unfoldJson(text)) {
    const heading = HEADING.exec(line);
    const tag = TAG.exec(line);
    const titleLine = TITLE_LINE.exec(line);
    if (heading) open(heading[2]!, heading[1]!.length);
    else if (tag) open(line.includes("</") ? "" : tag[1]!, line.includes("</") ? 0 : 1);
    else if (titleLine) open(titleLine[1]!, 5);
    else if (line.trim() === "") {
      // A blank line parts unheaded paragraphs; under a heading the text goes on.
      if (current.level === 0 && current.facts.length > 0) open("", 0);
      parted = true;
    } else {
      const field = FIELD.exec(line);
      const key = field?.[1]?.toLowerCase() ?? "";
      // A record begins where a field comes again, or with a field that says what it is and that nothing precedes.
      if (field && (keys.has(key) || ((keys.size === 0 || parted) && IDENTIFYING_KEYS.has(key)))) open("", 7);
      if (field) keys.add(key);
      if (field && TITLE_KEYS.has(key)) current.title ||= field[2]!;
      current.facts.push(...splitSentences(line));
      parted = false;
    }
  }
  return blocks.filter((block) => block.title !== "" || block.facts.length > 0);
}

/** Lines of a text where each JSON object or array became `field: value` lines, objects parted by a blank line. */
function unfoldJson(text: string): string[] {
  const unfolded: string[] = [];
  let pending = "";
  for (const line of text.split(/\r?\n/)) {
    if (!pending && !/^\s*(?:[[{]\s*["[{]|[[{]\s*$)/.test(line)) {
      unfolded.push(line);
      continue;
    }
    pending += `${line}\n`;
    const value = parsed(pending);
    if (value !== undefined) {
      unfolded.push("", ...fieldLines(value, ""));
      pending = "";
    }
  }
  return pending ? [...unfolded, ...pending.split("\n")] : unfolded;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldLines(value: unknown, name: string): string[] {
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== "object")) return [`${name}: ${value.join(", ")}`];
    return value.flatMap((item) => ["", ...fieldLines(item, name)]);
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, member]) => fieldLines(member, key));
  }
  return value === null || value === ""
    ? []
    : [`${name || "value"}: ${typeof value === "string" ? value : JSON.stringify(value)}`];
}
