import { MAX_DEPTH } from "./limits.ts";
import type { Token } from "./tokenize.ts";
import { TemplateError } from "./template-error.ts";

/** The parser's view of the tokens: one look ahead, and how deep the grammar is nested. */
export interface TokenStream {
  peek(ahead?: number): Token | undefined;
  next(): Token;
  /** Takes the token if it is this name, operator or tag edge. */
  take(value: string): boolean;
  is(value: string, ahead?: number): boolean;
  expect(value: string): Token;
  expectName(): { value: string; at: number };
  fail(message: string, at?: number): never;
  /** Runs `parse` one level deeper; refuses nesting that no person writes. */
  nested<T>(parse: () => T): T;
}

export function createTokenStream(tokens: Token[]): TokenStream {
  let position = 0;
  let depth = 0;
  const end = tokens.at(-1)?.at ?? 0;
  const stream: TokenStream = {
    peek: (ahead = 0) => tokens[position + ahead],
    next() {
      const token = tokens[position];
      if (token === undefined) return stream.fail("The template ends too early.");
      position += 1;
      return token;
    },
    is(value, ahead = 0) {
      const token = tokens[position + ahead];
      return token !== undefined && token.type !== "text" && token.type !== "string" && token.value === value;
    },
    take(value) {
      if (!stream.is(value)) return false;
      position += 1;
      return true;
    },
    expect(value) {
      if (stream.is(value)) return stream.next();
      const found = stream.peek();
      return stream.fail(`Expected ${value}${found === undefined ? "" : `, found ${describe(found)}`}.`);
    },
    expectName() {
      const token = stream.next();
      if (token.type === "name") return { value: token.value, at: token.at };
      return stream.fail(`Expected a name, found ${describe(token)}.`, token.at);
    },
    fail(message, at) {
      throw new TemplateError(message, at ?? tokens[position]?.at ?? end);
    },
    nested(parse) {
      depth += 1;
      if (depth > MAX_DEPTH) stream.fail(`The template is nested more than ${MAX_DEPTH} levels deep.`);
      const parsed = parse();
      depth -= 1;
      return parsed;
    },
  };
  return stream;
}

function describe(token: Token): string {
  if (token.type === "text") return "text";
  if (token.type === "string") return JSON.stringify(token.value);
  return token.type === "number" ? "a number" : token.value;
}
