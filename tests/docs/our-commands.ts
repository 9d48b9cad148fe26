import { commandsIn, documents } from "./documents.ts";

const CALL = /^(?:\w+=\S+ +)*(?:npx |npm run (?:--silent )?)?flowgate(?: --)? (?!-)(.+)$/;
/** Has a test of its own that follows it from top to bottom; or is written by the command itself. */
const OTHER_PAGES = /bring-your-flow|docs\/commands\.md|decisions\//;

/**
 * Every call of our command on the pages, in blocks and between words, once: without what starts it and what is said
 * of it, `a | b x` as `a x` and `b x`, and what may be left out left out.
 */
export function ourCommands(): string[] {
  const pages = [...documents()].filter(([page]) => !OTHER_PAGES.test(page));
  const lines = pages.flatMap(([, text]) => [
    ...commandsIn(text),
    ...[...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code),
  ]);
  const calls = lines.flatMap(
    (line) =>
      CALL.exec(line)?.[1]
        ?.replace(/\s+(?:#|&&).*/, "")
        .trim() ?? [],
  );
  const single = calls.flatMap((call) => {
    const [, verbs, rest] = /^(\w+(?: \| \w+)+)(.*)$/.exec(call) ?? [];
    return verbs === undefined ? [call] : verbs.split(" | ").map((verb) => verb + (rest ?? ""));
  });
  return [...new Set(single.map((call) => call.replaceAll(/ \[[^\]]*\]/g, "")))].sort();
}
