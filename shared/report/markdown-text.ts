import { plainCharacters } from "./plain-characters.ts";

/**
 * Text that others wrote, on one line of Markdown, with nothing in it that acts: no emphasis, link, image, HTML,
 * heading or table, and no link, mention or reference that a forge would make of plain text.
 */
export function inlineText(text: string): string {
  return (
    plainCharacters(text)
      .replaceAll(/\s+/g, " ")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .trim()
      .replaceAll(/[\\`*_{}[\]()|!~$#]|^[-+=]/g, "\\$&")
      // A space without width: what stands before it is no mention, no number of an issue, no address.
      .replaceAll(/(?<!\w)@|#(?=\d)|:(?=\/\/)|www(?=\.)/gi, "$&\u200B")
  );
}

/** Text that others wrote as a block of its own, line breaks kept. Nothing in a fence is Markdown. */
export function fencedText(text: string, language = "text"): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...plainCharacters(text).split("\n"), fence];
}
