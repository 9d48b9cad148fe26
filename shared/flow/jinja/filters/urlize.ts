import { intOf } from "../values/number.ts";
import type { BoundFilter } from "../filter.ts";
import { TemplateError } from "../template-error.ts";
import { lengthOf, sliceText, SPACE } from "../values/characters.ts";
import { itemsOf } from "../values/items-of.ts";
import { escapeMarkup, Markup, stringOf } from "../values/markup.ts";
import { textOf } from "../values/repr.ts";
import { isTrue } from "../values/truth.ts";

const WORD = "[\\p{L}\\p{N}_%-]";
const TOP_LEVEL = "com|net|int|edu|gov|org|info|mil";
/** A link as Jinja2 recognises one: a scheme or www and a domain, a domain of a few known ends, or a bare address. */
const LINK = new RegExp(
  [
    `^(?:(?:https?://|www\\.)(?:${WORD}+\\.)*(?:[a-z]{2,63}|xn--[\\p{L}\\p{N}_%]{2,59})`,
    `(?:${WORD}{2,63}\\.)+(?:${TOP_LEVEL})`,
    "https?://(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\[(?:[\\da-f]{0,4}:){2}(?:[\\da-f]{0,4}:?){1,6}\\]))",
  ].join("|") + `(?::\\d{1,5})?(?:[/?#][^${SPACE}]*)?$`,
  "iu",
);
const MAIL = new RegExp(`^[^${SPACE}]+@[\\p{L}\\p{N}_][\\p{L}\\p{N}_.-]*\\.[\\p{L}\\p{N}_]+$`, "u");
const SCHEME = /^[\p{L}\p{N}_.+-]{2,}:\/{0,2}$/u;
const SPACES = new RegExp(`([${SPACE}]+)`);
const BRACKETS = [
  ["(", ")"],
  ["<", ">"],
  ["&lt;", "&gt;"],
] as const;
/** Addresses are shorter; what is longer would make the patterns slow. */
const LONGEST_LINK = 4000;
const LONGEST_MAIL = 400;

interface Links {
  shown(link: string): string;
  attributes: string;
  schemes: string[];
}

/** Jinja2's `urlize`: the text escaped, its web and mail addresses made links. */
export const urlize: BoundFilter = {
  parameters: ["trim_url_limit", "nofollow", "target", "rel", "extra_schemes"],
  apply(value, [limit, noFollow, target, rel, extraSchemes], { budget, escaping }) {
    const text = value instanceof Markup ? value.text : escapeMarkup(textOf(value, budget));
    budget.pass(16 * text.length);
    const most = limit === undefined || limit === null ? undefined : Number(intOf(limit) ?? 0);
    const relations = new Set((stringOf(rel) ?? "").split(/\s+/).filter((part) => part !== ""));
    if (isTrue(noFollow)) relations.add("nofollow");
    relations.add("noopener");
    const frame = isTrue(target) ? ` target="${escapeMarkup(textOf(target, budget))}"` : "";
    const schemes = (itemsOf(extraSchemes ?? undefined, budget) ?? []).map((scheme) =>
      textOf(scheme, budget),
    );
    const wrong = schemes.find((scheme) => !SCHEME.test(scheme));
    if (wrong !== undefined) throw new TemplateError(`urlize: ${wrong} is no scheme such as tel:.`);
    const links: Links = {
      shown: (link) =>
        most !== undefined && lengthOf(link) > most ? `${sliceText(link, 0, most)}...` : link,
      attributes: ` rel="${[...relations].sort().map(escapeMarkup).join(" ")}"${frame}`,
      schemes,
    };
    const words = text
      .split(SPACES)
      .map((word) => (word.length > LONGEST_LINK ? word : linkedWord(word, links)));
    const linked = budget.text(words.join(""));
    return escaping ? new Markup(linked) : linked;
  },
};

/** Brackets before a link and punctuation after it are no part of it, unless they belong together. */
function linkedWord(word: string, links: Links): string {
  const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? "";
  let middle = word.slice(head.length);
  let start = middle.length;
  for (let end = tailPart(middle, start); end > 0; end = tailPart(middle, start)) start -= end;
  let tail = middle.slice(start);
  middle = middle.slice(0, start);
  for (const [open, close] of BRACKETS) {
    let missing = countOf(middle, open) - countOf(middle, close);
    if (missing > 0) missing = countOf(middle, open);
    for (let at = tail.indexOf(close); missing > 0 && at >= 0; at = tail.indexOf(close), missing -= 1) {
      middle += tail.slice(0, at + close.length);
      tail = tail.slice(at + close.length);
    }
  }
  return head + linkOf(middle, links) + tail;
}

/** How long the last piece of trailing punctuation is. */
function tailPart(text: string, end: number): number {
  if (text.endsWith("&gt;", end)) return 4;
  return end > 0 && ")>.,\n".includes(text[end - 1] ?? "x") ? 1 : 0;
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}

function linkOf(text: string, { shown, attributes, schemes }: Links): string {
  if (LINK.test(text)) {
    const address = /^https?:\/\//.test(text) ? text : `https://${text}`;
    return `<a href="${address}"${attributes}>${shown(text)}</a>`;
  }
  if (text.startsWith("mailto:") && isMail(text.slice(7))) {
    return `<a href="${text}">${text.slice(7)}</a>`;
  }
  if (!/^www\.|^@|:/.test(text) && isMail(text)) return `<a href="mailto:${text}">${text}</a>`;
  // Every scheme that fits wraps the one before, as in Jinja2.
  let linked = text;
  for (const scheme of schemes) {
    if (linked !== scheme && linked.startsWith(scheme))
      linked = `<a href="${linked}"${attributes}>${linked}</a>`;
  }
  return linked;
}

function isMail(text: string): boolean {
  return text.length <= LONGEST_MAIL && MAIL.test(text);
}
