import { parseExpression, parseFilter, parseTuple } from "./parse-expression.ts";
import { collectBlocks } from "./collect-blocks.ts";
import { pathOf } from "./path-of.ts";
import { parseTarget } from "./parse-target.ts";
import type { Expression, FilterCall, Parameter, Statement, Target } from "./syntax-tree.ts";
import { targetNames } from "./target-names.ts";
import { createTokenStream, type TokenStream } from "./token-stream.ts";
import { tokenize } from "./tokenize.ts";

/** Parses a Jinja2 template. Throws `TemplateError` with the offset of the first thing that does not fit. */
export function parseTemplate(source: string): Statement[] {
  const stream = createTokenStream(tokenize(source));
  const template = parseBody(stream, []);
  collectBlocks(template);
  return template;
}

/** Statements up to a tag whose first word is in `ends`; that tag's `{%` and word are read. */
function parseBody(stream: TokenStream, ends: string[]): Statement[] {
  return stream.nested(() => {
    const body: Statement[] = [];
    for (let token = stream.peek(); token !== undefined; token = stream.peek()) {
      if (token.type === "text") {
        stream.next();
        body.push({ type: "text", text: token.value, at: token.at });
      } else if (stream.take("{{")) {
        const value = parseTuple(stream, { conditional: true });
        stream.expect("}}");
        body.push({ type: "output", value, path: pathOf(value), at: token.at });
      } else {
        stream.expect("{%");
        if (ends.some((end) => stream.is(end))) return body;
        body.push(...[parseStatement(stream, token.at)].flat());
      }
    }
    if (ends.length > 0) stream.fail(`The template ends before {% ${ends.at(-1)} %}.`);
    return body;
  });
}

const STATEMENTS: Record<string, (stream: TokenStream, at: number) => Statement | Statement[]> = {
  if: parseIf,
  for: parseFor,
  set: parseSet,
  with: parseWith,
  macro: parseMacro,
  call: parseCallBlock,
  filter: parseFilterBlock,
  block: parseBlockStatement,
  print: parsePrint,
  autoescape: parseAutoescape,
};
const ELSEWHERE = new Set(["include", "import", "from", "extends"]);

function parseStatement(stream: TokenStream, at: number): Statement | Statement[] {
  const word = stream.expectName().value;
  const parse = Object.hasOwn(STATEMENTS, word) ? STATEMENTS[word] : undefined;
  if (parse !== undefined) return parse(stream, at);
  if (ELSEWHERE.has(word)) {
    return stream.fail(`{% ${word} %} is not supported: a prompt's template is one file.`, at);
  }
  return stream.fail(`Unknown tag {% ${word} %}. Known: ${Object.keys(STATEMENTS).join(", ")}, raw.`, at);
}

/** The end of an opening tag and the statements up to one of the tags in `ends`. A colon is allowed, as in Python. */
function parseInside(stream: TokenStream, ends: string[]): Statement[] {
  stream.take(":");
  stream.expect("%}");
  return parseBody(stream, ends);
}

/** A body and the tag that closes it, read to its `%}`. */
function parseBlock(stream: TokenStream, end: string): Statement[] {
  const body = parseInside(stream, [end]);
  stream.expect(end);
  stream.expect("%}");
  return body;
}

function parseIf(stream: TokenStream, at: number): Statement {
  const branches: { test: Expression; body: Statement[] }[] = [];
  let otherwise: Statement[] = [];
  do {
    const test = parseTuple(stream, { conditional: false });
    branches.push({ test, body: parseInside(stream, ["elif", "else", "endif"]) });
  } while (stream.take("elif"));
  if (stream.take("else")) otherwise = parseInside(stream, ["endif"]);
  stream.expect("endif");
  stream.expect("%}");
  return { type: "if", branches, otherwise, at };
}

function parseFor(stream: TokenStream, at: number): Statement {
  const target = parseTarget(stream, false);
  if (targetNames(target).includes("loop")) stream.fail("A loop cannot assign to loop.", target.at);
  stream.expect("in");
  const items = parseTuple(stream, { conditional: false });
  const filter = stream.take("if") ? parseExpression(stream) : undefined;
  const recursive = stream.take("recursive");
  const body = parseInside(stream, ["else", "endfor"]);
  const otherwise = stream.take("else") ? parseInside(stream, ["endfor"]) : [];
  stream.expect("endfor");
  stream.expect("%}");
  return { type: "for", target, items, filter, body, otherwise, recursive, at };
}

function parseSet(stream: TokenStream, at: number): Statement {
  const target = parseTarget(stream, true);
  if (stream.take("=")) {
    const value = parseTuple(stream, { conditional: true });
    stream.expect("%}");
    return { type: "set", target, value, at };
  }
  const filters = parseFilterChain(stream);
  return { type: "set-block", target, filters, body: parseBlock(stream, "endset"), at };
}

function parseFilterChain(stream: TokenStream): FilterCall[] {
  const filters: FilterCall[] = [];
  while (stream.take("|")) filters.push(parseFilter(stream));
  return filters;
}

function parseWith(stream: TokenStream, at: number): Statement {
  const assignments: { target: Target; value: Expression }[] = [];
  while (!stream.is("%}") && !stream.is(":")) {
    if (assignments.length > 0) stream.expect(",");
    const target = parseTarget(stream, false);
    stream.expect("=");
    assignments.push({ target, value: parseExpression(stream) });
  }
  return { type: "with", assignments, body: parseBlock(stream, "endwith"), at };
}

function parseMacro(stream: TokenStream, at: number): Statement {
  const name = stream.expectName().value;
  const parameters = parseParameters(stream);
  return { type: "macro", name, parameters, body: parseBlock(stream, "endmacro"), at };
}

function parseParameters(stream: TokenStream): Parameter[] {
  const parameters: Parameter[] = [];
  stream.expect("(");
  while (!stream.take(")")) {
    if (parameters.length > 0) stream.expect(",");
    const { value: name, at } = stream.expectName();
    const fallback = stream.take("=") ? parseExpression(stream) : undefined;
    if (fallback === undefined && parameters.at(-1)?.fallback !== undefined) {
      stream.fail(`${name} needs a default, as the parameter before it has one.`, at);
    }
    parameters.push({ name, fallback });
  }
  return parameters;
}

function parseCallBlock(stream: TokenStream, at: number): Statement {
  const parameters = stream.is("(") ? parseParameters(stream) : [];
  const call = parseExpression(stream);
  if (call.type !== "call") return stream.fail("{% call %} needs a call, such as {% call box() %}.", call.at);
  return { type: "call-block", call, parameters, body: parseBlock(stream, "endcall"), at };
}

function parseFilterBlock(stream: TokenStream, at: number): Statement {
  const filters = [parseFilter(stream), ...parseFilterChain(stream)];
  return { type: "filter-block", filters, body: parseBlock(stream, "endfilter"), at };
}

function parseBlockStatement(stream: TokenStream, at: number): Statement {
  const { value: name } = stream.expectName();
  const scoped = stream.take("scoped");
  const required = stream.take("required");
  const body = parseInside(stream, ["endblock"]);
  stream.expect("endblock");
  stream.take(name);
  stream.expect("%}");
  return { type: "block", name, scoped, required, body, at };
}

/** `{% print a, b %}`, which is `{{ a }}{{ b }}`. */
function parsePrint(stream: TokenStream, at: number): Statement[] {
  const outputs: Statement[] = [];
  while (!stream.take("%}")) {
    if (outputs.length > 0) stream.expect(",");
    const value = parseExpression(stream);
    outputs.push({ type: "output", value, path: pathOf(value), at });
  }
  return outputs;
}

function parseAutoescape(stream: TokenStream, at: number): Statement {
  const value = parseExpression(stream);
  return { type: "autoescape", value, body: parseBlock(stream, "endautoescape"), at };
}
