import { plainCharacters } from "../../shared/report/plain-characters.ts";

/** A piece of HTML. Made only by `html` and `raw`, so that text cannot be taken for it. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

type Part = Html | string | number | undefined | false | readonly Part[];

/** HTML from a template: every value but `Html` is text and is escaped, also inside quoted attributes. */
export function html(fixed: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    fixed.map((text, index) => text + (index < parts.length ? markupOf(parts[index]) : "")).join(""),
  );
}

/** Markup that this program wrote itself. */
export function raw(markup: string): Html {
  return new Html(markup);
}

function markupOf(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Html) return part.markup;
  if (typeof part === "object") return part.map(markupOf).join("");
  return escapeText(String(part));
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return plainCharacters(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
