import { nearestName } from "./nearest-name.ts";

/** Two letters of ten make another name: customer and customerId. */
const MISSPELT = 0.19;

/**
 * What a check cannot know, because it stands in what could not be read. A problem that it may be the cause of is a
 * consequence of one that is reported already, and is not reported.
 */
export interface Unread {
  /** A text that could not be read. It may be about the names that stand in it. */
  addText(text: string): void;
  /** Something that may be about one name or another, as a step without a name is; but not about a misspelt one. */
  addSomething(): void;
  /** Something that may be about any names, as a file that is not there. */
  addAnything(): void;
  /** Whether what could not be read may be about a name. `known` are those that it could be a misspelling of. */
  mayKnow(name: string, known: Iterable<string>): boolean;
}

/** `others` are what else cannot be known. */
export function createUnread(...others: Unread[]): Unread {
  const texts: string[] = [];
  let something = false;
  let anything = false;
  return {
    addText: (text) => void texts.push(text),
    addSomething: () => void (something = true),
    addAnything: () => void (anything = true),
    mayKnow: (name, known) =>
      anything ||
      others.some((other) => other.mayKnow(name, known)) ||
      texts.some((text) => standsIn(name, text)) ||
      (something && nearestName(name, known, MISSPELT) === undefined),
  };
}

/** Whether a name stands in a text as a word of its own. */
function standsIn(name: string, text: string): boolean {
  if (name === "") return false;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const [before, after] = [text[at - 1] ?? "", text[at + name.length] ?? ""];
    if (!/\w/.test(before) && !/\w/.test(after)) return true;
  }
  return false;
}
