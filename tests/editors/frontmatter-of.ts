import { splitFrontmatter } from "../../shared/flow/split-frontmatter.ts";

/** The frontmatter of a `.prompty` file alone, on the lines that it has in the file. */
export function frontmatterOf(text: string): string {
  const { frontmatter = "", frontmatterLine } = splitFrontmatter(text) ?? { frontmatterLine: 1 };
  return "\n".repeat(frontmatterLine - 1) + frontmatter;
}
