import type { BinaryOperator, ComparisonOperator, Expression } from "./syntax-tree.ts";
import type { TokenStream } from "./token-stream.ts";

/** What stands between operators. */
type ParseOperand = () => Expression;

/** Parses operators between operands with the precedence of Jinja2's own grammar, lowest first. */
export function parseOperators(stream: TokenStream, parseOperand: ParseOperand): Expression {
  const power = binary(stream, ["**"], parseOperand);
  const product = binary(stream, ["*", "/", "//", "%"], power);
  const concatenation = binary(stream, ["~"], product);
  const sum = binary(stream, ["+", "-"], concatenation);
  const parseNot = (): Expression => {
    const at = stream.peek()?.at ?? 0;
    if (!stream.take("not")) return parseComparison(stream, sum);
    return { type: "unary", operator: "not", operand: stream.nested(parseNot), at };
  };
  return binary(stream, ["or"], binary(stream, ["and"], parseNot))();
}

/** Operators of one precedence, from left to right; that is so of `**`, too, other than in Python. */
function binary(stream: TokenStream, operators: BinaryOperator[], parseOperand: ParseOperand): ParseOperand {
  return () => {
    let left = parseOperand();
    while (true) {
      const operator = operators.find((candidate) => stream.is(candidate));
      if (operator === undefined) return left;
      stream.next();
      left = { type: "binary", operator, left, right: parseOperand(), at: left.at };
    }
  };
}

const COMPARISONS: ComparisonOperator[] = ["==", "!=", "<", "<=", ">", ">=", "in"];

function parseComparison(stream: TokenStream, parseOperand: ParseOperand): Expression {
  const first = parseOperand();
  const rest: { operator: ComparisonOperator; operand: Expression }[] = [];
  while (true) {
    const operator = comparisonAhead(stream);
    if (operator === undefined) break;
    stream.next();
    if (operator === "not in") stream.next();
    rest.push({ operator, operand: parseOperand() });
  }
  return rest.length === 0 ? first : { type: "comparison", first, rest, at: first.at };
}

function comparisonAhead(stream: TokenStream): ComparisonOperator | undefined {
  if (stream.is("not") && stream.is("in", 1)) return "not in";
  return COMPARISONS.find((operator) => stream.is(operator));
}
