/** The parsed form of a Jinja2 template. `at` is the offset in the template. */

export type Statement =
  | { type: "text"; text: string; at: number }
  /** `path`: what its value is, where that is nothing but one, such as `customer.name`. */
  | { type: "output"; value: Expression; path: string | undefined; at: number }
  | { type: "if"; branches: { test: Expression; body: Statement[] }[]; otherwise: Statement[]; at: number }
  | {
      type: "for";
      target: Target;
      items: Expression;
      filter: Expression | undefined;
      body: Statement[];
      otherwise: Statement[];
      /** Whether `loop(...)` renders it again over other items. */
      recursive: boolean;
      at: number;
    }
  | { type: "set"; target: Target; value: Expression; at: number }
  | { type: "set-block"; target: Target; filters: FilterCall[]; body: Statement[]; at: number }
  | { type: "with"; assignments: { target: Target; value: Expression }[]; body: Statement[]; at: number }
  | { type: "macro"; name: string; parameters: Parameter[]; body: Statement[]; at: number }
  | { type: "call-block"; call: CallExpression; parameters: Parameter[]; body: Statement[]; at: number }
  | { type: "filter-block"; filters: FilterCall[]; body: Statement[]; at: number }
  | { type: "block"; name: string; scoped: boolean; required: boolean; body: Statement[]; at: number }
  | { type: "autoescape"; value: Expression; body: Statement[]; at: number };

/** What an assignment or a loop writes to. */
export type Target =
  | { type: "name"; name: string; at: number }
  | { type: "names"; targets: Target[]; at: number }
  | { type: "namespace"; name: string; attribute: string; at: number };

export interface Parameter {
  name: string;
  fallback: Expression | undefined;
}

export interface Argument {
  /** Undefined for one given by position. */
  name: string | undefined;
  value: Expression;
  /** `*value` or `**value`: its items are the arguments. */
  spread?: "*" | "**";
}

export interface FilterCall {
  name: string;
  arguments: Argument[];
  at: number;
}

export interface CallExpression {
  type: "call";
  callee: Expression;
  arguments: Argument[];
  at: number;
}

export type Expression =
  | { type: "literal"; value: unknown; at: number }
  | { type: "name"; name: string; at: number }
  | { type: "attribute"; object: Expression; name: string; at: number }
  | { type: "item"; object: Expression; index: Expression; at: number }
  | {
      type: "slice";
      object: Expression;
      start: Expression | undefined;
      stop: Expression | undefined;
      step: Expression | undefined;
      at: number;
    }
  | CallExpression
  | { type: "filter"; input: Expression; filter: FilterCall; at: number }
  | { type: "test"; input: Expression; name: string; arguments: Argument[]; negated: boolean; at: number }
  | { type: "unary"; operator: "not" | "-" | "+"; operand: Expression; at: number }
  | { type: "binary"; operator: BinaryOperator; left: Expression; right: Expression; at: number }
  | {
      type: "comparison";
      first: Expression;
      rest: { operator: ComparisonOperator; operand: Expression }[];
      at: number;
    }
  | {
      type: "conditional";
      test: Expression;
      value: Expression;
      otherwise: Expression | undefined;
      at: number;
    }
  | { type: "list"; items: Expression[]; at: number }
  | { type: "tuple"; items: Expression[]; at: number }
  | { type: "dict"; entries: { key: Expression; value: Expression }[]; at: number };

export type BinaryOperator = "and" | "or" | "+" | "-" | "*" | "/" | "//" | "%" | "**" | "~";
export type ArithmeticOperator = Exclude<BinaryOperator, "and" | "or" | "~">;
export type ComparisonOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";
