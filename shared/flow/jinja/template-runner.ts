import type { Segment } from "../segment.ts";
import type { Budget } from "./limits.ts";
import type { Scope } from "./scope.ts";
import type { Expression, Statement } from "./syntax-tree.ts";

/** Where statements write: the pieces of the result, or the text of a block that becomes a value. It keeps what it gets. */
export type Output = (segment: Segment) => void;

/** What the parts of the interpreter ask of each other. */
export interface TemplateRunner {
  budget: Budget;
  evaluate(expression: Expression, scope: Scope): unknown;
  /** Runs statements in the scope that they share with what stands around them. */
  runAll(statements: Statement[], scope: Scope, output: Output): void;
  /** Runs a body in a scope of its own. */
  runBody(body: Statement[], scope: Scope, output: Output): void;
  /** The text that something writes. */
  textOf(write: (output: Output) => void): string;
  /** Runs something that may call itself; refuses depths that no person writes. */
  nested<T>(name: string, work: () => T): T;
}
