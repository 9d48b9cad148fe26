import type { SyntaxNode } from "./language.ts";

type Value = string | number | boolean | null | Date;
/** A column may also hold a bag (`dynamic`), of which a query takes a value by its key. */
export type Row = Readonly<Record<string, Value>>;

/** Tables, and what a query's own `let` names. */
type Tables = Readonly<Record<string, readonly Row[]>>;

/**
 * What a query answers over tables in memory: the meaning of the part of Kusto's language that the dashboards are
 * written in, by its documentation. `percentilew` is the nearest rank, which the service approximates. Throws for what
 * is not of that part.
 */
export function evaluateQuery(root: SyntaxNode, tables: Tables): Row[] {
  let known = tables;
  let result: Row[] = [];
  for (const statement of items(child(root, "List", 1))) {
    if (statement.kind === "LetStatement") {
      known = { ...known, [nameOf(statement)]: tableOf(last(statement), known) };
    } else {
      result = tableOf(last(statement), known);
    }
  }
  return result;
}

function tableOf(node: SyntaxNode, tables: Tables): Row[] {
  if (node.kind === "NameReference") return [...(tables[wordOf(node)] ?? unknown(node))];
  if (node.kind === "UnionOperator") {
    return items(child(node, "List", 1)).flatMap((one) => tableOf(one, tables));
  }
  if (node.kind !== "PipeExpression") return unknown(node);
  const [source, , operator] = node.children as [SyntaxNode, SyntaxNode, SyntaxNode];
  return operate(operator, tableOf(source, tables));
}

function operate(node: SyntaxNode, rows: Row[]): Row[] {
  if (node.kind === "FilterOperator") return rows.filter((row) => valueOf(last(node), row) === true);
  if (node.kind === "ExtendOperator") {
    return rows.map((row) => {
      const extended: Record<string, Value> = { ...row };
      for (const one of items(child(node, "List"))) extended[columnOf(one)] = valueOf(bare(one), row);
      return extended;
    });
  }
  if (node.kind === "ProjectOperator") {
    const columns = items(child(node, "List"));
    return rows.map((row) =>
      Object.fromEntries(columns.map((one) => [columnOf(one), valueOf(bare(one), row)])),
    );
  }
  if (node.kind === "SummarizeOperator") return summarize(node, rows);
  if (node.kind === "SortOperator") return sort(node, rows);
  return unknown(node);
}

function summarize(node: SyntaxNode, rows: Row[]): Row[] {
  const aggregates = items(child(node, "List", 1));
  const by = node.children.find(({ kind }) => kind === "SummarizeByClause");
  const keys = by ? items(child(by, "List")) : [];
  const groups = Map.groupBy(rows, (row) => JSON.stringify(keys.map((key) => valueOf(bare(key), row))));
  return [...groups.values()].map((group) => {
    const [first] = group as [Row];
    return Object.fromEntries([
      ...keys.map((key): [string, Value] => [columnOf(key), valueOf(bare(key), first)]),
      ...aggregates.map((one): [string, Value] => [columnOf(one), aggregate(bare(one), group)]),
    ]);
  });
}

function sort(node: SyntaxNode, rows: Row[]): Row[] {
  const orders = items(child(node, "List", 1)).map((one) => {
    const isUp = words(one).includes("asc");
    const [expression] = one.children as [SyntaxNode];
    return { expression, sign: isUp ? 1 : -1 };
  });
  return rows.toSorted((one, other) => {
    for (const { expression, sign } of orders) {
      const [a, b] = [valueOf(expression, one), valueOf(expression, other)].map(comparable);
      if (a !== b) return (a ?? "") < (b ?? "") ? -sign : sign;
    }
    return 0;
  });
}

/** Nulls count in no aggregate but `count`, as in the service. */
function aggregate(node: SyntaxNode, group: readonly Row[]): Value {
  if (node.kind === "DivideExpression") {
    const [above, , below] = node.children as [SyntaxNode, SyntaxNode, SyntaxNode];
    const [a, b] = [aggregate(above, group), aggregate(below, group)];
    return typeof a === "number" && typeof b === "number" ? a / b : null;
  }
  const [name, parameters] = callOf(node);
  const [first, second] = parameters;
  const numbers = (where = group): number[] =>
    where.flatMap((row) => {
      const value = first && valueOf(first, row);
      return typeof value === "number" ? [value] : [];
    });
  const those = (condition: SyntaxNode | undefined): Row[] =>
    group.filter((row) => condition && valueOf(condition, row) === true);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  if (name === "count") return group.length;
  if (name === "countif") return those(first).length;
  if (name === "sum") return sum(numbers());
  if (name === "sumif") return sum(numbers(those(second)));
  if (name === "max") return numbers().length === 0 ? null : Math.max(...numbers());
  if (name === "avg") return numbers().length === 0 ? null : sum(numbers()) / numbers().length;
  if (name !== "percentilew" || !first || !second) return unknown(node);
  const weighted = group
    .map((row): [Value, number] => [valueOf(first, row), Number(valueOf(second, row))])
    .filter((pair): pair is [number, number] => typeof pair[0] === "number")
    .toSorted(([one], [other]) => one - other);
  const rank = (Number(parameters[2]?.children[0]?.text) / 100) * sum(weighted.map(([, weight]) => weight));
  let reached = 0;
  return weighted.find(([, weight]) => (reached += weight) >= rank)?.[0] ?? null;
}

function valueOf(node: SyntaxNode, row: Row): Value {
  const { kind } = node;
  if (kind === "NameReference") {
    const name = wordOf(node);
    return name in row ? (row[name] ?? null) : null;
  }
  if (kind === "StringLiteralExpression") return words(node).join("").slice(1, -1);
  if (kind === "LongLiteralExpression" || kind === "RealLiteralExpression") return Number(words(node)[0]);
  if (kind === "ParenthesizedExpression") return valueOf(node.children[1] ?? node, row);
  if (kind === "FunctionCallExpression") return call(node, row);
  if (kind === "ElementExpression") {
    const [column, selector] = node.children as [SyntaxNode, SyntaxNode];
    const key = valueOf(selector.children[1] ?? selector, row);
    const bag = row[wordOf(column)] as unknown as Readonly<Record<string, Value>>;
    return bag[String(key)] ?? null;
  }
  const [left, , right] = node.children as [SyntaxNode, SyntaxNode, SyntaxNode];
  if (kind === "AndExpression") return valueOf(left, row) === true && valueOf(right, row) === true;
  if (kind === "OrExpression") return valueOf(left, row) === true || valueOf(right, row) === true;
  if (kind === "InExpression") {
    const wanted = valueOf(left, row);
    return items(child(right, "List")).some((one) => valueOf(one, row) === wanted);
  }
  const [a, b] = [valueOf(left, row), valueOf(right, row)];
  if (kind === "EqualExpression") return a === b;
  if (kind === "StartsWithExpression") return String(a).toLowerCase().startsWith(String(b).toLowerCase());
  if (typeof a !== "number" || typeof b !== "number") return null;
  if (kind === "GreaterThanOrEqualExpression") return a >= b;
  if (kind === "GreaterThanExpression") return a > b;
  if (kind === "MultiplyExpression") return a * b;
  if (kind === "DivideExpression") return a / b;
  if (kind === "AddExpression") return a + b;
  return unknown(node);
}

function call(node: SyntaxNode, row: Row): Value {
  const [name, parameters] = callOf(node);
  const values = parameters.map((one) =>
    one.kind === "TimespanLiteralExpression" ? null : valueOf(one, row),
  );
  const [first = null] = values;
  if (name === "tostring") return first === null ? "" : String(first);
  if (name === "todouble") return first === null || Number.isNaN(Number(first)) ? null : Number(first);
  if (name === "toint") return first === null ? null : Math.trunc(Number(first));
  if (name === "isempty") return first === null || first === "";
  if (name === "isnotempty") return first !== null && first !== "";
  if (name === "isnotnull") return first !== null;
  if (name === "strcat") return values.join("");
  if (name === "iff") return first === true ? (values[1] ?? null) : (values[2] ?? null);
  if (name === "max_of") {
    return Math.max(...values.filter((value): value is number => typeof value === "number"));
  }
  if (name === "bin" && first instanceof Date) {
    const [, count = "", unit = ""] = /^(\d+)([mh])$/.exec(words(parameters[1] ?? node)[0] ?? "") ?? [];
    const step = Number(count) * (unit === "h" ? 3_600_000 : 60_000);
    return new Date(Math.floor(first.getTime() / step) * step);
  }
  return unknown(node);
}

function callOf(node: SyntaxNode): [name: string, parameters: SyntaxNode[]] {
  if (node.kind !== "FunctionCallExpression") return unknown(node);
  const [name, list] = node.children as [SyntaxNode, SyntaxNode];
  return [wordOf(name), items(child(list, "List"))];
}

/** The name that a column gets: its own, that of the column it is, or of the one that `bin` rounds. */
function columnOf(node: SyntaxNode): string {
  if (node.kind === "SimpleNamedExpression") return nameOf(node);
  if (node.kind === "FunctionCallExpression") return wordOf(callOf(node)[1][0] ?? node);
  return wordOf(node);
}

function bare(node: SyntaxNode): SyntaxNode {
  return node.kind === "SimpleNamedExpression" ? last(node) : node;
}

function nameOf(node: SyntaxNode): string {
  return wordOf(child(node, "NameDeclaration"));
}

function wordOf(node: SyntaxNode): string {
  return words(node)[0] ?? "";
}

/** The words that a node is written in. */
function words(node: SyntaxNode): string[] {
  if (node.children.length === 0) return node.text === "" ? [] : [node.text];
  return node.children.flatMap(words);
}

/** A list's elements without what separates them. */
function items(list: SyntaxNode): SyntaxNode[] {
  return list.children.map((element) => element.children[0] ?? element);
}

function child(node: SyntaxNode, kind: string, nth = 0): SyntaxNode {
  return node.children.filter((one) => one.kind === kind)[nth] ?? unknown(node);
}

function last(node: SyntaxNode): SyntaxNode {
  return node.children.filter(({ kind }) => kind !== "List").at(-1) ?? unknown(node);
}

function comparable(value: Value | undefined): string | number {
  if (value instanceof Date) return value.getTime();
  return typeof value === "number" ? value : String(value ?? "");
}

function unknown(node: SyntaxNode): never {
  throw new Error(
    `Not of the part of Kusto that dashboards are written in: ${node.kind} ${words(node).join(" ")}`,
  );
}
