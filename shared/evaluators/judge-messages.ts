import type { ChatMessage } from "../ports/chat-model.ts";

/** What a judge is shown of a row, under the name of its section. */
export type JudgeSections = Partial<Record<SectionName, string>>;

/** In the order in which they are shown. */
const SECTIONS = [
  "instructions",
  "history",
  "question",
  "context",
  "tool_definitions",
  "tool_calls",
  "expected_tool_calls",
  "found",
  "answer",
  "answer_a",
  "answer_b",
  "ground_truth",
] as const;
type SectionName = (typeof SECTIONS)[number];

/** Anything that reads as a section's tag, however it is spaced or cased. */
const TAG = new RegExp(String.raw`<(\s*\/?\s*(?:${SECTIONS.join("|")})\s*)>`, "gi");

/**
 * The judge's instructions, and the row in sections that stand on lines of their own. What a section holds was
 * written by users and models: tags in it are defused, so that it cannot end its section or open another.
 */
export function judgeMessages(prompt: string, shown: JudgeSections): ChatMessage[] {
  const sections = SECTIONS.flatMap((name) => {
    const text = shown[name];
    return text === undefined ? [] : `<${name}>\n${withoutTags(text)}\n</${name}>`;
  });
  return [
    { role: "system", content: prompt },
    { role: "user", content: sections.join("\n\n") },
  ];
}

/** Most texts have no tag at all, which is told faster than by the pattern. */
function withoutTags(text: string): string {
  return text.includes("<") ? text.replace(TAG, "&lt;$1&gt;") : text;
}
