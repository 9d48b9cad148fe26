import { parsePlainJson } from "./plain-json.ts";

/** The last answer of a path, so that a page one goes back to is there at once. */
export interface KeptAnswer {
  text: string;
  value: unknown;
}

const MOST = 50;
const answers = new Map<string, KeptAnswer>();

export function keptAnswer(path: string | undefined): KeptAnswer | undefined {
  return path === undefined ? undefined : answers.get(path);
}

/** What one was shown is not the next one's to see. */
export function forgetAnswers(): void {
  answers.clear();
}

/**
 * The same object as before where the text is the same; its texts fit to be shown, or `exact`. Throws `SyntaxError` for
 * what is no JSON.
 */
export function keepAnswer(path: string, text: string, isExact = false): KeptAnswer {
  const known = answers.get(path);
  const answer =
    known?.text === text
      ? known
      : { text, value: isExact ? (JSON.parse(text) as unknown) : parsePlainJson(text) };
  answers.delete(path);
  answers.set(path, answer);
  const [oldest] = answers.keys();
  if (answers.size > MOST && oldest !== undefined) answers.delete(oldest);
  return answer;
}
