import { globSync, readFileSync } from "node:fs";
import path from "node:path";

export const REPOSITORY = path.resolve(import.meta.dirname, "../..");

/** Every page that users read, by its path in the repository. */
export function documents(): Map<string, string> {
  const names = globSync(["*.md", "docs/**/*.md", "infra/**/*.md", "flows/**/*.md"], { cwd: REPOSITORY });
  return new Map(names.sort().map((name) => [name, readFileSync(path.join(REPOSITORY, name), "utf8")]));
}

/** Text without its blocks of code, in which nothing is a link or a heading. */
export function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^```[^]*?^```$/gm, "").replaceAll(/`[^`\n]*`/g, "");
}

/** A page's blocks of shell, or of nothing that is named; that of another language ends where it ends. */
export function shellBlocks(markdown: string): string[] {
  return [...markdown.matchAll(/^```(\S*)[^\n]*\n([^]*?)^```$/gm)].flatMap(
    ({ 1: language = "", 2: text = "" }) =>
      ["", "sh", "bash", "shell", "console"].includes(language) ? [text] : [],
  );
}

/** The commands of those blocks: lines that begin with one, continued lines put together. */
export function commandsIn(markdown: string): string[] {
  return shellBlocks(markdown).flatMap((text) =>
    text
      .replaceAll(/\\\n\s*/g, " ")
      .split("\n")
      .map((line) => line.replace(/^\$ /, "").trim()),
  );
}
