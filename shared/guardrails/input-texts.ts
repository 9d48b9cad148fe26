import { unescapedText } from "./unescaped-text.ts";

/** Names of a message's members, as protocols have them; any other is a word of the client's. */
const FIELDS = new Set([
  "role",
  "content",
  "type",
  "text",
  "name",
  "tool_calls",
  "tool_call_id",
  "id",
  "index",
  "function",
  "arguments",
  "detail",
]);
const NO_IMAGES: ReadonlySet<string> = new Set();
/** A whole image in base64, which holds no words. */
const IMAGE = /^data:image\/[\w.+-]{1,50};base64,[A-Za-z0-9+/]+={0,2}$/i;

/**
 * All texts that a client gave: the question, what was said before, and every other input, in their order, with the
 * names that it gave to members of one. Only what is sent as an image is left out, which no check of texts could read:
 * of the inputs in `images`, and of the parts of messages in a history. What merely begins like one is a text.
 */
export function inputTexts(
  inputs: Readonly<Record<string, unknown>>,
  images: ReadonlySet<string> = NO_IMAGES,
): string[] {
  const texts: string[] = [];
  const add = (text: string): void => {
    if (text.trim() !== "") texts.push(unescapedText(text));
  };
  // Not by recursion: how deep a client puts a text is not for the stack to bear.
  const left = Object.entries(inputs).map(([name, value]) => ({ value, mayBeImage: images.has(name) }));
  left.reverse();
  for (let next = left.pop(); next; next = left.pop()) {
    const { value, mayBeImage } = next;
    if (typeof value === "string") {
      if (!(mayBeImage && IMAGE.test(value.trim()))) add(value);
    } else if (typeof value === "object" && value !== null) {
      const isList = Array.isArray(value);
      const isPart = mayBeImage || (value as { type?: unknown }).type === "image_url";
      if (!isList) {
        for (const name of Object.keys(value)) if (!FIELDS.has(name) && !IMAGE_FIELDS.has(name)) add(name);
      }
      for (const [name, member] of Object.entries(value).reverse()) {
        left.push({ value: member, mayBeImage: isPart && (isList || IMAGE_FIELDS.has(name)) });
      }
    }
  }
  return texts;
}

/** Where images stand in what is given as one. */
const IMAGE_FIELDS = new Set(["image_url", "url", "source", "path"]);

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
