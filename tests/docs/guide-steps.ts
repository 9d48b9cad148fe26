/** What a reader of a guide does, in its order. */
export type GuideStep =
  | { kind: "write"; file: string; text: string }
  /** Puts the text in place of one key of a YAML file. */
  | { kind: "replace"; file: string; key: string; text: string }
  | { kind: "run"; command: string; exitCode: number };

const BLOCK = /^```(\w+)\n([^]*?)^```$/gm;

/**
 * The steps of a guide in Markdown. A block of commands is marked `sh`; a comment "exit code 2" says what to expect.
 * Any other block is a file, whose path is the last that the paragraph before names.
 */
export function guideSteps(markdown: string): GuideStep[] {
  return [...markdown.matchAll(BLOCK)].flatMap(({ 1: language, 2: text = "", index }): GuideStep[] => {
    if (language === "sh") return text.trim().split("\n").map(commandOf);
    const paragraph = markdown.slice(0, index).trimEnd().split("\n\n").at(-1) ?? "";
    const file = [...paragraph.matchAll(/`([\w./-]+\.\w+)`/g)].at(-1)?.[1];
    if (file === undefined) throw new Error(`Nothing says which file this is:\n${text}`);
    const key = /replace `(\w+)` by$/.exec(paragraph)?.[1];
    return [key === undefined ? { kind: "write", file, text } : { kind: "replace", file, key, text }];
  });
}

function commandOf(line: string): GuideStep {
  const [command = "", comment = ""] = line.split(/\s+#\s/);
  return { kind: "run", command, exitCode: Number(/exit code (\d+)/.exec(comment)?.[1] ?? 0) };
}
