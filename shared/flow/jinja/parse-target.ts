import { RESERVED } from "./reserved-words.ts";
import type { Target } from "./syntax-tree.ts";
import type { TokenStream } from "./token-stream.ts";

/** `name`, `a, b` or `(a, b)`; where an assignment may write to a namespace, also `namespace.name`. */
export function parseTarget(stream: TokenStream, namespaces: boolean): Target {
  const first = parseOneTarget(stream, namespaces);
  if (!stream.is(",")) return first;
  const targets = [first];
  while (stream.take(",")) {
    if (stream.is("in") || stream.is("=") || stream.is("%}")) break;
    targets.push(parseOneTarget(stream, namespaces));
  }
  return { type: "names", targets, at: first.at };
}

function parseOneTarget(stream: TokenStream, namespaces: boolean): Target {
  if (stream.take("(")) {
    const inner = stream.nested(() => parseTarget(stream, namespaces));
    stream.expect(")");
    return inner;
  }
  const name = stream.expectName();
  if (RESERVED.has(name.value)) stream.fail(`${name.value} cannot be assigned to.`, name.at);
  if (!namespaces || !stream.take(".")) return { type: "name", name: name.value, at: name.at };
  return { type: "namespace", name: name.value, attribute: stream.expectName().value, at: name.at };
}
