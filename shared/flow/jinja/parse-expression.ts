import { filterNamed } from "./filters.ts";
import { parseOperators } from "./parse-operators.ts";
import { CONSTANTS, RESERVED } from "./reserved-words.ts";
import type { Argument, Expression, FilterCall } from "./syntax-tree.ts";
import { testNamed } from "./tests.ts";
import type { TokenStream } from "./token-stream.ts";

/** Parses expressions with the precedence of Jinja2's own grammar, lowest first. */
export function parseExpression(stream: TokenStream): Expression {
  return stream.nested(() => parseConditional(stream));
}

/** As `parseExpression`, where `a, b` makes a tuple. In a loop's head `if` belongs to the loop. */
export function parseTuple(stream: TokenStream, options: { conditional: boolean }): Expression {
  const parse = (): Expression =>
    options.conditional ? parseExpression(stream) : stream.nested(() => parseOr(stream));
  const first = parse();
  if (!stream.is(",")) return first;
  const items = [first];
  while (stream.take(",")) {
    if (startsNothing(stream)) break;
    items.push(parse());
  }
  return { type: "tuple", items, at: first.at };
}

function startsNothing(stream: TokenStream): boolean {
  return ["%}", "}}", ")", "]", "if", "in", "=", "recursive"].some((value) => stream.is(value));
}

function parseConditional(stream: TokenStream): Expression {
  let expression = parseOr(stream);
  while (stream.take("if")) {
    const test = parseOr(stream);
    const otherwise = stream.take("else") ? parseExpression(stream) : undefined;
    expression = { type: "conditional", test, value: expression, otherwise, at: expression.at };
  }
  return expression;
}

function parseOr(stream: TokenStream): Expression {
  return parseOperators(stream, () => parseUnary(stream, true));
}

/** A sign binds closer than a filter: `-2 | abs` is `(-2) | abs`. */
function parseUnary(stream: TokenStream, filtered: boolean): Expression {
  const at = stream.peek()?.at ?? 0;
  const operator = (["-", "+"] as const).find((sign) => stream.is(sign));
  let expression: Expression;
  if (operator === undefined) {
    expression = parsePrimary(stream);
  } else {
    stream.next();
    expression = { type: "unary", operator, operand: stream.nested(() => parseUnary(stream, false)), at };
  }
  expression = parsePostfix(stream, expression);
  return filtered ? parseFilters(stream, expression) : expression;
}

function parsePrimary(stream: TokenStream): Expression {
  const token = stream.next();
  const at = token.at;
  if (token.type === "name") {
    if (CONSTANTS.has(token.value)) return { type: "literal", value: CONSTANTS.get(token.value), at };
    if (RESERVED.has(token.value)) stream.fail(`Unexpected ${token.value}.`, at);
    return { type: "name", name: token.value, at };
  }
  if (token.type === "number") return { type: "literal", value: token.value, at };
  if (token.type === "string") {
    let value = token.value;
    for (let next = stream.peek(); next?.type === "string"; next = stream.peek()) {
      value += next.value;
      stream.next();
    }
    return { type: "literal", value, at };
  }
  if (token.type === "operator" && token.value === "(") return parseParentheses(stream, at);
  if (token.type === "operator" && token.value === "[") {
    return { type: "list", items: parseItems(stream, "]"), at };
  }
  if (token.type === "operator" && token.value === "{") return parseDict(stream, at);
  return stream.fail(`Expected an expression, found ${token.value}.`, at);
}

function parseParentheses(stream: TokenStream, at: number): Expression {
  if (stream.take(")")) return { type: "tuple", items: [], at };
  const inner = stream.nested(() => parseTuple(stream, { conditional: true }));
  stream.expect(")");
  return inner;
}

function parseItems(stream: TokenStream, close: string): Expression[] {
  const items: Expression[] = [];
  while (!stream.take(close)) {
    if (items.length > 0) {
      stream.expect(",");
      if (stream.take(close)) break;
    }
    items.push(parseExpression(stream));
  }
  return items;
}

function parseDict(stream: TokenStream, at: number): Expression {
  const entries: { key: Expression; value: Expression }[] = [];
  while (!stream.take("}")) {
    if (entries.length > 0) {
      stream.expect(",");
      if (stream.take("}")) break;
    }
    const key = parseExpression(stream);
    stream.expect(":");
    entries.push({ key, value: parseExpression(stream) });
  }
  return { type: "dict", entries, at };
}

function parsePostfix(stream: TokenStream, start: Expression): Expression {
  let expression = start;
  while (true) {
    const at = stream.peek()?.at ?? 0;
    if (stream.take(".")) {
      const token = stream.next();
      if (token.type === "name") {
        expression = { type: "attribute", object: expression, name: token.value, at };
      } else if (token.type === "number") {
        const index: Expression = { type: "literal", value: token.value, at: token.at };
        expression = { type: "item", object: expression, index, at };
      } else {
        stream.fail("Expected a name or an index after the dot.", token.at);
      }
    } else if (stream.take("[")) {
      expression = parseSubscript(stream, expression, at);
    } else if (stream.is("(")) {
      expression = { type: "call", callee: expression, arguments: parseArguments(stream), at };
    } else {
      return expression;
    }
  }
}

function parseSubscript(stream: TokenStream, object: Expression, at: number): Expression {
  const first = parseSubscribed(stream, object, at);
  if (stream.take("]")) return first;
  const indexes = [indexOf(stream, first)];
  while (stream.take(",")) {
    indexes.push(indexOf(stream, parseSubscribed(stream, object, at)));
  }
  stream.expect("]");
  const index: Expression = { type: "tuple", items: indexes, at };
  return { type: "item", object, index, at };
}

/** Among several indexes there is no slice. */
function indexOf(stream: TokenStream, subscript: Expression): Expression {
  return subscript.type === "item" ? subscript.index : stream.fail("Expected an index.", subscript.at);
}

function parseSubscribed(stream: TokenStream, object: Expression, at: number): Expression {
  const part = (): Expression | undefined =>
    [":", "]", ","].some((end) => stream.is(end)) ? undefined : parseExpression(stream);
  const start = part();
  if (!stream.take(":")) {
    if (start === undefined) return stream.fail("Expected an index.", at);
    return { type: "item", object, index: start, at };
  }
  const stop = part();
  const step = stream.take(":") ? part() : undefined;
  return { type: "slice", object, start, stop, step, at };
}

function parseArguments(stream: TokenStream): Argument[] {
  stream.expect("(");
  const found: Argument[] = [];
  while (!stream.take(")")) {
    if (found.length > 0) {
      stream.expect(",");
      if (stream.take(")")) break;
    }
    found.push(parseArgument(stream, found));
  }
  return found;
}

/** By position come first; there is one `*list` and one `**dict`, after which nothing comes. */
function parseArgument(stream: TokenStream, before: Argument[]): Argument {
  const at = stream.peek()?.at;
  const spread = (["*", "**"] as const).find((mark) => stream.take(mark));
  const named = spread === undefined && stream.peek()?.type === "name" && stream.is("=", 1);
  const has = (...marks: string[]): boolean =>
    before.some((argument) => marks.includes(argument.spread ?? ""));
  const isLate = has("**") || (spread === "*" && has("*"));
  const isBehind = spread === undefined && !named && before.some(({ name }) => name !== undefined);
  if (isLate || isBehind || (spread === undefined && !named && has("*"))) {
    stream.fail("Arguments by position come before those by name, and ** comes last.", at);
  }
  const name = named ? stream.expectName().value : undefined;
  if (named) stream.expect("=");
  const value = parseExpression(stream);
  return spread === undefined ? { name, value } : { name, value, spread };
}

function parseFilters(stream: TokenStream, start: Expression): Expression {
  let expression = start;
  while (true) {
    const at = stream.peek()?.at ?? 0;
    if (stream.take("|")) expression = { type: "filter", input: expression, filter: parseFilter(stream), at };
    else if (stream.take("is")) expression = parseTest(stream, expression, at);
    else if (stream.is("("))
      expression = { type: "call", callee: expression, arguments: parseArguments(stream), at };
    else return expression;
  }
}

/** A filter's name and arguments, the `|` being read. */
export function parseFilter(stream: TokenStream): FilterCall {
  const { value, at } = stream.expectName();
  let name = value;
  while (stream.take(".")) name += `.${stream.expectName().value}`;
  // As Jinja2 does: an unknown name is refused when the template is read, not when a row first comes by.
  filterNamed(name, at);
  return { name, arguments: stream.is("(") ? parseArguments(stream) : [], at };
}

function parseTest(stream: TokenStream, input: Expression, at: number): Expression {
  const negated = stream.take("not");
  const name = stream.expectName();
  testNamed(name.value, name.at);
  let found: Argument[] = [];
  if (stream.is("is")) stream.fail("A test cannot follow a test: join them with and.");
  const next = stream.peek();
  const startsValue =
    next !== undefined &&
    (["name", "string", "number"].includes(next.type) || stream.is("[") || stream.is("{")) &&
    !["else", "or", "and", "is", "if", "in", "not"].some((word) => stream.is(word));
  if (stream.is("(")) {
    found = parseArguments(stream);
  } else if (startsValue) {
    found = [{ name: undefined, value: parsePostfix(stream, parsePrimary(stream)) }];
  }
  return { type: "test", input, name: name.value, arguments: found, negated, at };
}
