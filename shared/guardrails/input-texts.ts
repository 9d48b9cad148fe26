const MOST_DEPTH = 20;

/** All texts that a client gave: the question, what was said before, and every other input, in their order. */
export function inputTexts(inputs: Readonly<Record<string, unknown>>): string[] {
  const texts: string[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (typeof value === "string") {
      // An image says nothing that a check of texts could read.
      if (value.trim() !== "" && !value.startsWith("data:image/")) texts.push(value);
    } else if (typeof value === "object" && value !== null && depth < MOST_DEPTH) {
      for (const member of Object.values(value)) visit(member, depth + 1);
    }
  };
  visit(inputs, 0);
  return texts;
}

/**
 * The inputs without the exchanges that were blocked: what a guardrail kept from the model once stays kept from it, and
 * does not block all that is asked later. `answer`: what was said in place of one.
 */
export function withoutBlocked(
  inputs: Readonly<Record<string, unknown>>,
  answer: string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name,
      Array.isArray(value) ? unblocked(value as unknown[], answer) : value,
    ]),
  );
}

function unblocked(messages: readonly unknown[], answer: string): unknown[] {
  const kept: unknown[] = [];
  for (const message of messages) {
    const { role, content } = asMessage(message);
    const blocked = role === "assistant" && content === answer;
    if (!blocked) kept.push(message);
    else if (asMessage(kept.at(-1)).role === "user") kept.pop();
  }
  return kept;
}

function asMessage(value: unknown): { role?: unknown; content?: unknown } {
  return typeof value === "object" && value !== null ? value : {};
}
